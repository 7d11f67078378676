package io.j8s.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Gives equal values as one object, as far as it remembers: API objects repeat names, reasons and labels, quantities and sets of managed fields without
/// end. Short strings only; bounded: a new value takes the place of an older one. May be shared between threads without locks: a race costs a duplicate, never a wrong answer.
public final class Interner {

    /// Longer strings are seldom repeated.
    private static final int LONGEST = 64;

    /// One in so many is remembered of what is seldomer than strings.
    private static final int SHARE = 16;

    private final @Nullable String[] table;
    private volatile @Nullable Quantity @Nullable [] quantities;
    private volatile @Nullable AtomicReferenceArray<@Nullable FieldSet> fieldSets;
    private volatile @Nullable RecentParts parts;

    /// @param size how many strings it remembers at most; a power of two, at least 16
    public Interner(int size) {
        if (Integer.bitCount(size) != 1 || size < SHARE) {
            throw new IllegalArgumentException("the size of an interner must be a power of two from " + SHARE + " on, but is " + size);
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

    /// The quantity that is spelled so.
    ///
    /// @throws IllegalArgumentException when the text is none
    Quantity quantity(String text) {
        @Nullable Quantity[] known = quantities;
        if (known == null) {
            known = new Quantity[table.length / SHARE];
            quantities = known;
        }
        int place = place(text.hashCode()) & known.length - 1;
        Quantity found = known[place];
        if (found == null || !found.toString().equals(text)) {
            found = Quantity.parse(text);
            known[place] = found;
        }
        return found;
    }

    /// The set of fields with this JSON; the array belongs to it from here on.
    FieldSet fieldSet(byte[] json) {
        AtomicReferenceArray<@Nullable FieldSet> known = fieldSets;
        if (known == null) {
            known = new AtomicReferenceArray<>(table.length / SHARE);
            fieldSets = known;
        }
        int place = place(Arrays.hashCode(json)) & known.length() - 1;
        FieldSet found = known.getAcquire(place);
        if (found == null || !Arrays.equals(found.json(), json)) {
            found = FieldSet.ofJson(json);
            known.setRelease(place, found);
        }
        return found;
    }

    /// Parts of bodies that came lately.
    RecentParts parts() {
        RecentParts known = parts;
        if (known == null) {
            known = new RecentParts();
            parts = known;
        }
        return known;
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
