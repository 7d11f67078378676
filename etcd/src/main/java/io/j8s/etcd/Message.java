package io.j8s.etcd;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes a protobuf message field by field. Fields with their default value are left out, as in proto3.
final class Message {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH = 2;
    static final int FIXED32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Message number(int field, long value) {
        if (value != 0) {
            always(field, value);
        }
        return this;
    }

    /// A number that is written even when it is zero: a member of a oneof.
    Message always(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    /// A number of eight bytes, the lowest first.
    Message fixed(int field, long value) {
        varint((long) field << 3 | FIXED64);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            out.write((int) (value >>> shift));
        }
        return this;
    }

    Message flag(int field, boolean value) {
        return number(field, value ? 1 : 0);
    }

    Message bytes(int field, byte[] value) {
        return value.length == 0 ? this : always(field, value);
    }

    /// Bytes that are written even when there are none: a member of a oneof, or a message.
    Message always(int field, byte[] value) {
        varint((long) field << 3 | LENGTH);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    Message message(int field, Message value) {
        return always(field, value.toBytes());
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /// Reads a message field by field: [#next] goes to the next one, then its value is taken or left.
    static final class Reader {
        private final byte[] bytes;
        private final int end;
        private int at;
        private int wireType;
        private boolean pending;

        Reader(byte[] bytes) {
            this(bytes, 0, bytes.length);
        }

        private Reader(byte[] bytes, int start, int end) {
            this.bytes = bytes;
            this.at = start;
            this.end = end;
        }

        /// The number of the next field; 0 at the end. A value that was not taken is passed over.
        int next() {
            if (pending) {
                skip();
            }
            if (at >= end) {
                return 0;
            }
            long tag = varint();
            wireType = (int) (tag & 7);
            pending = true;
            return (int) (tag >>> 3);
        }

        long number() {
            pending = false;
            return varint();
        }

        boolean flag() {
            return number() != 0;
        }

        byte[] bytes() {
            int length = length();
            byte[] value = Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            return value;
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }

        Reader message() {
            int length = length();
            Reader inner = new Reader(bytes, at, at + length);
            at += length;
            return inner;
        }

        private int length() {
            pending = false;
            int length = Math.toIntExact(varint());
            if (length < 0 || length > end - at) {
                throw new IllegalStateException("etcd sent a field of " + length + " bytes where only " + (end - at) + " are left");
            }
            return length;
        }

        private void skip() {
            switch (wireType) {
                case VARINT -> number();
                case FIXED64 -> at += 8;
                case LENGTH -> {
                    int length = length();
                    at += length;
                }
                case FIXED32 -> at += 4;
                default -> throw new IllegalStateException("etcd sent a field of the unknown wire type " + wireType);
            }
            pending = false;
        }

        private long varint() {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte next = bytes[at++];
                value |= (next & 0x7fL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IllegalStateException("etcd sent a number of more than ten bytes");
        }
    }
}
