package io.j8s.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The layout of the store's files, log segments and snapshots alike: a header, then frames, numbered one by one. Big-endian.
///
/// ```
/// header  0  magic "j8sstore"      frame  0  length of the payload, at least 1
///         8  format version               4  CRC32C of salt, number and payload
///        12  CRC32C of salt, number       8  number
///        16  salt (random)               16  payload
///        24  number of the first frame
/// ```
/// A frame is what one write to the file brought, and the next is written only once it is durable: so only the last one of a log can be torn.
/// What follows the last frame is zero (room prepared in advance) or the end of the file. The salt keeps a frame that lies, as data, within another from being taken for one.
final class Frames {

    static final int HEADER = 32;
    static final int FRAME_HEADER = 16;
    static final int VERSION = 1;
    private static final long MAGIC = 0x6a387373746f7265L;
    private static final int CHUNK = 1 << 20;

    private Frames() {}

    static ByteBuffer header(long salt, long first) {
        ByteBuffer header = ByteBuffer.allocateDirect(HEADER);
        header.putLong(MAGIC).putInt(VERSION).putInt(0).putLong(salt).putLong(first);
        return header.putInt(12, crc(header.slice(16, 16))).flip();
    }

    /// Fills in the header that stands, still empty, before a payload.
    static ByteBuffer frame(ByteBuffer frame, long salt, long number) {
        frame.putInt(0, frame.limit() - FRAME_HEADER).putLong(8, number);
        return frame.putInt(4, crc(salt, number, frame.slice(FRAME_HEADER, frame.limit() - FRAME_HEADER)));
    }

    private static int crc(long salt, long number, ByteBuffer payload) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(16).putLong(salt).putLong(number).flip());
        crc.update(payload);
        return (int) crc.getValue();
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /// Reads a file frame by frame.
    static final class Reader {
        private final Path name;
        private final Disk.Data data;
        private final long size;
        final long salt;
        final long first;
        private long expected;
        private long position = HEADER;
        /// A part of the file: it begins at `chunkStart`.
        private byte[] chunk = new byte[CHUNK];
        private long chunkStart;
        private int chunkSize;
        private int payloadSize;

        Reader(Path name, Disk.Data data) throws IOException {
            this.name = name;
            this.data = data;
            this.size = data.size();
            ByteBuffer header = ByteBuffer.allocate(HEADER);
            data.read(header, 0);
            header.flip();
            if (header.limit() < HEADER || header.getLong(0) != MAGIC) {
                throw new CorruptStoreException(name, 0, "it does not begin like a file of the store");
            }
            if (header.getInt(8) != VERSION) {
                throw new StoreOpenException(name + ": written in format " + header.getInt(8) + " by a newer version of j8s; this one knows format " + VERSION
                        + ". Use the newer version, or restore a backup made by this one");
            }
            if (header.getInt(12) != crc(header.slice(16, 16))) {
                throw new CorruptStoreException(name, 8, "the checksum of its header is wrong");
            }
            salt = header.getLong(16);
            first = header.getLong(24);
            expected = first;
        }

        /// Where the next frame begins.
        long position() {
            return position;
        }

        /// The number the next frame must have.
        long expected() {
            return expected;
        }

        /// The next frame's payload; null where no valid frame follows.
        Output.@Nullable Input next() throws IOException {
            if (!valid(position, expected)) {
                return null;
            }
            int start = (int) (position - chunkStart) + FRAME_HEADER;
            position += FRAME_HEADER + payloadSize;
            expected++;
            return new Output.Input(chunk, start, start + payloadSize);
        }

        /// Where the frame begins that was read last, for messages.
        CorruptStoreException corrupt(String what) {
            return new CorruptStoreException(name, position, what);
        }

        /// Whether there is nothing but zeros from here on.
        boolean restIsEmpty() throws IOException {
            for (long at = position; at < size; at += chunkSize - (int) (at - chunkStart)) {
                int available = fill(at, 1);
                int from = (int) (at - chunkStart);
                if (Arrays.mismatch(chunk, from, from + available, new byte[available], 0, available) >= 0) {
                    return false;
                }
            }
            return true;
        }

        /// Whether a later frame lies somewhere behind the place where reading stopped: then what lies here was damaged after it had been written.
        boolean laterFrameFollows() throws IOException {
            for (long at = position + 1; at + FRAME_HEADER < size; at++) {
                if (fill(at, FRAME_HEADER) < FRAME_HEADER) {
                    return false;
                }
                ByteBuffer header = ByteBuffer.wrap(chunk, (int) (at - chunkStart), FRAME_HEADER);
                int length = header.getInt();
                header.getInt();
                long number = header.getLong();
                if (length > 0 && number > expected && number - expected < 1_000_000 && valid(at, number)) {
                    return true;
                }
            }
            return false;
        }

        private boolean valid(long at, long number) throws IOException {
            if (fill(at, FRAME_HEADER) < FRAME_HEADER) {
                return false;
            }
            ByteBuffer header = ByteBuffer.wrap(chunk).position((int) (at - chunkStart));
            int length = header.getInt();
            int crc = header.getInt();
            if (length <= 0 || length > size - at - FRAME_HEADER || header.getLong() != number) {
                return false;
            }
            fill(at, FRAME_HEADER + length);
            payloadSize = length;
            return crc == crc(salt, number, ByteBuffer.wrap(chunk, (int) (at - chunkStart) + FRAME_HEADER, length));
        }

        /// Makes the chunk hold so many bytes from a position on, as far as the file has them; answers how many it holds from there.
        private int fill(long at, int count) throws IOException {
            if (at < chunkStart || at + count > chunkStart + chunkSize) {
                int kept = 0;
                byte[] target = count > chunk.length ? new byte[count] : chunk;
                if (at >= chunkStart && at < chunkStart + chunkSize) {
                    int from = (int) (at - chunkStart);
                    kept = chunkSize - from;
                    System.arraycopy(chunk, from, target, 0, kept);
                }
                chunk = target;
                ByteBuffer into = ByteBuffer.wrap(chunk).position(kept);
                data.read(into, at + kept);
                chunkStart = at;
                chunkSize = into.position();
            }
            return (int) (chunkStart + chunkSize - at);
        }
    }
}
