package io.j8s.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings back the state from a directory: the newest snapshot, then the log from where the snapshot ends.
///
/// A torn last frame is cut off: it was never acknowledged. Any other damage is a [CorruptStoreException].
final class Recovery {

    private static final Logger LOGGER = LoggerFactory.getLogger(Recovery.class);

    private final Segments segments;
    private final Draft draft = new Draft(State.EMPTY);
    private final Records.Replay replay;
    private long expected = 1;
    private long logBytes;
    private long snapshotBytes;
    private Segments.@Nullable Segment last;
    private long position;

    private Recovery(Segments segments, long nowNanos) {
        this.segments = segments;
        this.replay = new Records.Replay(draft, nowNanos);
    }

    /// What a directory held.
    ///
    /// @param snapshotBytes the size of the newest snapshot, 0 when there is none
    record Recovered(State state, Log log, long logBytes, long snapshotBytes) {}

    static Recovered recover(Segments segments, long segmentBytes, long nowNanos) throws IOException {
        Recovery recovery = new Recovery(segments, nowNanos);
        try {
            recovery.run();
            State state = recovery.draft.freeze();
            Log log = new Log(segments, segmentBytes, recovery.last, recovery.expected, recovery.position);
            return new Recovered(state, log, recovery.logBytes, recovery.snapshotBytes);
        } catch (IOException | RuntimeException e) {
            if (recovery.last != null) {
                recovery.last.closeQuietly();
            }
            throw e;
        }
    }

    private void run() throws IOException {
        segments.deleteDrafts();
        List<Segments.Name> snapshots = segments.list("snapshot-");
        if (!snapshots.isEmpty()) {
            snapshot(snapshots.getLast());
        }
        long start = expected;
        List<Segments.Name> names = segments.list("log-");
        for (int i = 0; i < names.size(); i++) {
            boolean newest = i == names.size() - 1;
            long end = newest ? Long.MAX_VALUE : names.get(i + 1).number();
            if (end > start) {
                segment(names.get(i).file(), start, end, newest);
            }
        }
        if (names.isEmpty() && !snapshots.isEmpty()) {
            LOGGER.info("{}: no log follows the snapshot", segments.directory());
        }
        Compaction.keys(draft.newest(), draft.compacted()).forEach(draft::prune);
        Compaction.cut(draft.newest(), draft.compacted());
    }

    private void snapshot(Segments.Name name) throws IOException {
        try (Disk.Data data = segments.disk().open(name.file())) {
            Frames.Reader reader = new Frames.Reader(name.file(), data);
            play(reader, Long.MAX_VALUE);
            if (!replay.ended()) {
                throw reader.corrupt("the snapshot ends too early or its checksum is wrong");
            }
            snapshotBytes = reader.position();
        }
        expected = name.number();
    }

    /// Plays the frames of a segment from number `start` to before `end`.
    private void segment(Path file, long start, long end, boolean newest) throws IOException {
        Disk.Data data = segments.disk().open(file);
        boolean keep = false;
        try {
            Frames.Reader reader = new Frames.Reader(file, data);
            if (reader.first > expected) {
                throw new CorruptStoreException(file, 24, "it begins with frame " + reader.first + ", but frame " + expected + " comes next: a segment of the log is missing");
            }
            while (reader.expected() < start && reader.next() != null) {
                // The snapshot holds these.
            }
            play(reader, end);
            logBytes += reader.position();
            if (!newest && reader.expected() < end) {
                throw reader.corrupt("frame " + reader.expected() + " is missing or unreadable, but the next segment begins with frame " + end);
            }
            // A log that ends before the snapshot does was lost with its tail; its numbers are not used again.
            boolean current = reader.expected() >= expected;
            expected = Math.max(expected, reader.expected());
            if (newest && current) {
                settleEnd(file, data, reader);
                last = new Segments.Segment(file, data, reader.salt);
                position = reader.position();
                keep = true;
            }
        } finally {
            if (!keep) {
                data.close();
            }
        }
    }

    private void settleEnd(Path file, Disk.Data data, Frames.Reader reader) throws IOException {
        if (reader.restIsEmpty()) {
            return;
        }
        if (reader.laterFrameFollows()) {
            throw reader.corrupt("frame " + reader.expected() + " is unreadable, and later ones follow");
        }
        LOGGER.warn("{}: the last write, at byte {}, was interrupted and is cut off; it was never acknowledged", file, reader.position());
        data.truncate(reader.position());
        data.sync();
    }

    private void play(Frames.Reader reader, long end) throws IOException {
        while (reader.expected() < end) {
            Output.Input in = reader.next();
            if (in == null) {
                return;
            }
            try {
                replay.frame(in);
            } catch (IllegalStateException | IndexOutOfBoundsException | ArithmeticException e) {
                throw reader.corrupt("the frame before it makes no sense (" + e.getMessage() + ")");
            }
        }
    }
}
