package io.j8s.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// An immutable key: bytes, ordered as unsigned.
public final class Key implements Comparable<Key> {

    private final byte[] bytes;

    private Key(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Key of(String text) {
        return new Key(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A key of these bytes, which are copied.
    public static Key of(byte[] bytes) {
        return new Key(bytes.clone());
    }

    /// A key around these bytes, which nobody changes from now on.
    static Key wrap(byte[] bytes) {
        return new Key(bytes);
    }

    /// The bytes themselves: to be read only.
    byte[] array() {
        return bytes;
    }

    /// A copy of the bytes.
    public byte[] bytes() {
        return bytes.clone();
    }

    public int length() {
        return bytes.length;
    }

    public byte byteAt(int index) {
        return bytes[index];
    }

    public boolean startsWith(Key prefix) {
        return bytes.length >= prefix.bytes.length && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
    }

    /// The smallest key greater than this one.
    public Key next() {
        return new Key(Arrays.copyOf(bytes, bytes.length + 1));
    }

    /// The bytes as UTF-8 text from an index on.
    public String text(int from) {
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
