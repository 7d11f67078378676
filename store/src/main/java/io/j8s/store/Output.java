package io.j8s.store;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Bytes being written, in memory outside the heap, so that the system takes them as they are. Numbers are variable-length, seven bits a byte, lowest first.
final class Output {

    private ByteBuffer buffer;

    Output(int capacity) {
        buffer = ByteBuffer.allocateDirect(capacity);
    }

    int size() {
        return buffer.position();
    }

    int capacity() {
        return buffer.capacity();
    }

    void clear() {
        buffer.clear();
    }

    /// What was written, to be changed in place; valid until the next write.
    ByteBuffer written() {
        return buffer.duplicate().flip();
    }

    Output skip(int count) {
        room(count);
        buffer.position(buffer.position() + count);
        return this;
    }

    Output tag(int tag) {
        room(1);
        buffer.put((byte) tag);
        return this;
    }

    Output number(long value) {
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            buffer.put((byte) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        buffer.put((byte) rest);
        return this;
    }

    Output bytes(byte[] value) {
        number(value.length);
        room(value.length);
        buffer.put(value);
        return this;
    }

    private void room(int count) {
        if (buffer.remaining() < count) {
            long wanted = Math.max((long) buffer.position() + count, buffer.capacity() * 2L);
            ByteBuffer larger = ByteBuffer.allocateDirect((int) Math.min(wanted, Integer.MAX_VALUE - 8));
            buffer = larger.put(buffer.flip());
        }
    }

    /// The counterpart: reads what an [Output] wrote. Reading past the end is an [IndexOutOfBoundsException].
    static final class Input {
        private final byte[] bytes;
        private final int end;
        private int at;

        Input(byte[] bytes, int start, int end) {
            this.bytes = bytes;
            this.at = start;
            this.end = end;
        }

        boolean hasMore() {
            return at < end;
        }

        int tag() {
            return bytes[at++];
        }

        long number() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte next = bytes[at++];
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IndexOutOfBoundsException("a number of more than ten bytes");
        }

        byte[] bytes() {
            int length = Math.toIntExact(number());
            if (length < 0 || length > end - at) {
                throw new IndexOutOfBoundsException("a value of " + length + " bytes where " + (end - at) + " are left");
            }
            byte[] value = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            return value;
        }
    }
}
