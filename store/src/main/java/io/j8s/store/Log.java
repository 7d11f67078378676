package io.j8s.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of the commit log: appends frames to the newest segment. For one thread at a time.
///
/// Room is prepared ahead with zeros, a chunk at a time, so that making a frame durable does not have to change the file's size or its map of blocks.
/// After a failed write the frame is cut off again. After a failed sync nothing is known of what the file holds: the frame counts as never written, and
/// the next one goes, under the same number, into a new segment; the reader ignores what the old one holds from that number on.
final class Log implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Log.class);
    private static final int ROOM = 1 << 20;

    private final Segments segments;
    private final long segmentBytes;
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(64 << 10);
    private Segments.@Nullable Segment segment;
    private long number;
    /// Where the next frame goes, and how far the segment has been made ready.
    private long position;
    private long prepared;
    private long appended;

    /// @param segment the newest segment, to go on in; null: begin a new one
    Log(Segments segments, long segmentBytes, Segments.@Nullable Segment segment, long number, long position) {
        this.segments = segments;
        this.segmentBytes = segmentBytes;
        this.segment = segment;
        this.number = number;
        this.position = position;
        this.prepared = position;
    }

    /// The number of the next frame.
    long number() {
        return number;
    }

    /// How large the log has grown since the last snapshot, in bytes.
    long appended() {
        return appended;
    }

    /// Counts bytes that were appended before, or no longer count.
    void grown(long bytes) {
        appended += bytes;
    }

    /// Appends a payload (with room for a frame's header before it) and returns once it is durable.
    /// When it throws, the frame is not part of the log, unless the exception says that this is unknown.
    void append(ByteBuffer frame) {
        Segments.Segment to;
        try {
            if (segment == null || position > segmentBytes) {
                roll();
            }
            to = Objects.requireNonNull(segment);
            Frames.frame(frame, to.salt(), number);
            prepare(to, frame.limit());
        } catch (IOException e) {
            throw unavailable(e, false);
        }
        int size = frame.limit();
        try {
            to.data().write(frame, position);
        } catch (IOException e) {
            throw unavailable(e, !cutBack(to));
        }
        try {
            to.data().sync();
        } catch (IOException e) {
            throw unavailable(e, !abandon());
        }
        number++;
        position += size;
        appended += size;
    }

    /// Ends the segment; the next frame begins another.
    void roll() throws IOException {
        Segments.Segment next = segments.create(number);
        Segments.Segment old = segment;
        segment = next;
        long end = position;
        position = Frames.HEADER;
        prepared = position;
        if (old != null) {
            old.finish(end);
        }
    }

    private void prepare(Segments.Segment to, int size) {
        if (position + size <= prepared) {
            return;
        }
        long at = Math.max(position, prepared);
        long end = position + size + ROOM;
        try {
            while (at < end) {
                ByteBuffer part = zeros.duplicate().limit((int) Math.min(zeros.capacity(), end - at));
                to.data().write(part, at);
                at += part.limit();
            }
            prepared = end;
        } catch (IOException e) {
            // No room to prepare more; the frame itself may still fit.
            prepared = position;
        }
    }

    /// Cuts off what was written of a frame; answers whether it is gone for certain.
    private boolean cutBack(Segments.Segment damaged) {
        try {
            damaged.data().truncate(position);
            prepared = position;
            return true;
        } catch (IOException e) {
            LOGGER.error("{}: cannot cut off a frame that could not be written at byte {}", damaged.file(), position, e);
            return abandon();
        }
    }

    /// Gives up the segment; answers whether another one could be begun, which settles that the newest frame never was.
    private boolean abandon() {
        Segments.Segment failed = segment;
        segment = null;
        if (failed != null) {
            failed.closeQuietly();
        }
        try {
            Segments.Segment next = segments.create(number);
            segment = next;
            position = Frames.HEADER;
            prepared = position;
            return true;
        } catch (IOException e) {
            LOGGER.error("cannot begin a new log segment", e);
            return false;
        }
    }

    private StoreUnavailableException unavailable(IOException cause, boolean outcomeUnknown) {
        String file = segment == null ? segments.directory().toString() : segment.file().toString();
        return new StoreUnavailableException(
                "the log cannot be written (" + file + ": " + cause.getMessage() + "); free space or repair the disk: writes go on by themselves then", outcomeUnknown, cause);
    }

    @Override
    public void close() {
        Segments.Segment last = segment;
        segment = null;
        if (last != null) {
            last.closeQuietly();
        }
    }
}
