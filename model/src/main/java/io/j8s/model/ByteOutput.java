package io.j8s.model;

import java.util.Arrays;

/// A buffer of bytes that grows; reusable by [#clear]. Not for sharing between threads.
public final class ByteOutput {

    private static final int LARGEST = Integer.MAX_VALUE - 64;

    private byte[] bytes;
    private int length;

    public ByteOutput() {
        this(512);
    }

    public ByteOutput(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    public int length() {
        return length;
    }

    /// Empties it, keeping its memory.
    public void clear() {
        length = 0;
    }

    /// Forgets what was written after this length.
    public void truncate(int newLength) {
        length = Math.min(length, newLength);
    }

    /// The bytes that back it: its content is the first [#length()] of them, until the next change.
    public byte[] array() {
        return bytes;
    }

    public byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    public void put(int value) {
        if (length == bytes.length) {
            grow(1);
        }
        bytes[length++] = (byte) value;
    }

    public void put(byte[] source) {
        put(source, 0, source.length);
    }

    public void put(byte[] source, int offset, int count) {
        ensure(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    /// Appends text that is known to be ASCII.
    void putAscii(String text) {
        int count = text.length();
        ensure(count);
        for (int i = 0; i < count; i++) {
            bytes[length + i] = (byte) text.charAt(i);
        }
        length += count;
    }

    void putLong(long value) {
        if (value >= 0 && value < 10) {
            put('0' + (int) value);
            return;
        }
        if (value == Long.MIN_VALUE) {
            putAscii(Long.toString(value));
            return;
        }
        ensure(20);
        long rest = Math.abs(value);
        int digits = 1;
        for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
            digits++;
        }
        if (value < 0) {
            bytes[length++] = '-';
        }
        for (int i = length + digits - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    /// Makes room for this many more bytes, to be written into [#array()] directly and then counted by [#advance].
    void ensure(int count) {
        if (bytes.length - length < count) {
            grow(count);
        }
    }

    void advance(int count) {
        length += count;
    }

    private void grow(int count) {
        long wanted = Math.max((long) bytes.length * 2, (long) length + count);
        if ((long) length + count > LARGEST) {
            throw new IllegalStateException("an encoded value would exceed " + LARGEST + " bytes");
        }
        bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, LARGEST));
    }
}
