package io.j8s.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/// Writes a state into a file from which, with the log that follows, the same state comes back, its history since the last compaction included:
/// the entries as they were at the compacted revision, then the changes since.
///
/// The file gets its name only once it is whole and durable. Writing takes no lock: the state never changes.
final class SnapshotFile implements AutoCloseable {

    private static final int BLOCK = 256 << 10;

    private final Disk.Data data;
    private final long salt;
    private final Output out = new Output(BLOCK * 2);
    private long number;
    private long position = Frames.HEADER;

    private SnapshotFile(Disk.Data data, long salt, long number) throws IOException {
        this.data = data;
        this.salt = salt;
        this.number = number;
        data.truncate(0);
        data.write(Frames.header(salt, number), 0);
        out.skip(Frames.FRAME_HEADER);
    }

    /// What a snapshot holds.
    ///
    /// @param history the changes since the base, oldest first
    /// @param nextFrame the log frame that follows: all before it become superfluous
    record Source(State state, List<Revised> history, long nextFrame) {

        /// Gathers the history at once: a later compaction would cut it off.
        static Source of(State state, long nextFrame) {
            Deque<Revised> history = new ArrayDeque<>();
            for (Revised at = state.newest(); at != null && at.revision >= base(state); at = at.before()) {
                history.push(at);
            }
            return new Source(state, List.copyOf(history), nextFrame);
        }
    }

    /// The revision whose entries are written as such.
    private static long base(State state) {
        return Math.max(state.compacted(), State.EMPTY.revision());
    }

    /// Writes a snapshot; answers its size in bytes.
    static long write(Segments segments, Source source) throws IOException {
        Path file = segments.directory().resolve(Segments.Name.of("snapshot-", source.nextFrame(), 0));
        Path draft = segments.directory().resolve(file.getFileName() + ".new");
        long size;
        try {
            try (SnapshotFile snapshot = new SnapshotFile(segments.disk().open(draft), segments.random().nextLong(), source.nextFrame())) {
                snapshot.write(source.state(), source.history());
                snapshot.data.sync();
                size = snapshot.position;
            }
            segments.disk().rename(draft, file);
        } catch (IOException e) {
            segments.disk().delete(draft);
            throw e;
        }
        return size;
    }

    private void write(State state, List<Revised> history) throws IOException {
        long base = base(state);
        Records.base(out, base, state.compacted());
        forEach(state.leases(), lease -> Records.grant(out, lease));
        long[] entries = new long[1];
        if (state.compacted() > 0) {
            forEach(state.entries(), slot -> {
                Entry entry = Slot.at(slot, base);
                if (entry != null) {
                    Records.entry(out, entry);
                    entries[0]++;
                }
            });
        }
        for (Revised revised : history) {
            if (revised.revision == base) {
                Records.echo(out, revised);
            } else {
                Records.revision(out, revised);
            }
            flush(BLOCK);
        }
        Records.end(out, entries[0], state.revision());
        flush(0);
    }

    private <T extends Keyed> void forEach(Tree<T> tree, Consumer<T> write) throws IOException {
        IOException[] failure = new IOException[1];
        tree.forEach(KeyRange.ALL, item -> {
            write.accept(item);
            try {
                flush(BLOCK);
                return true;
            } catch (IOException e) {
                failure[0] = e;
                return false;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    /// Writes what has gathered as a frame once it is larger than so many bytes.
    private void flush(int above) throws IOException {
        if (out.size() - Frames.FRAME_HEADER > above) {
            ByteBuffer frame = Frames.frame(out.written(), salt, number++);
            int size = frame.limit();
            data.write(frame, position);
            position += size;
            out.clear();
            out.skip(Frames.FRAME_HEADER);
        }
    }

    @Override
    public void close() throws IOException {
        data.close();
    }
}
