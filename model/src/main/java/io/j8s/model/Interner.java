package io.j8s.model;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Gives equal short strings as one object, as far as it remembers: API objects repeat names, reasons and labels without end. Bounded: a new string takes
/// the place of an older one. May be shared between threads without locks: a race costs a duplicate, never a wrong answer.
public final class Interner {

    /// Longer strings are seldom repeated.
    private static final int LONGEST = 64;

    private final @Nullable String[] table;

    /// @param size how many strings it remembers at most; a power of two
    public Interner(int size) {
        if (Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("the size of an interner must be a power of two, but is " + size);
        }
        table = new String[size];
    }

    /// @return an equal string
    public String intern(String text) {
        if (text.length() > LONGEST) {
            return text;
        }
        int place = place(text.hashCode());
        String known = table[place];
        if (known != null && known.equals(text)) {
            return known;
        }
        table[place] = text;
        return text;
    }

    /// The string of these ASCII bytes.
    String intern(byte[] bytes, int start, int end) {
        int length = end - start;
        if (length == 0) {
            return "";
        }
        if (length > LONGEST) {
            return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
        }
        int hash = 0;
        for (int i = start; i < end; i++) {
            hash = hash * 31 + bytes[i];
        }
        int place = place(hash);
        String known = table[place];
        if (known != null && same(known, bytes, start, length)) {
            return known;
        }
        String made = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
        table[place] = made;
        return made;
    }

    private static boolean same(String text, byte[] bytes, int start, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) != bytes[start + i]) {
                return false;
            }
        }
        return true;
    }

    private int place(int hash) {
        return (hash ^ hash >>> 15) & table.length - 1;
    }
}
