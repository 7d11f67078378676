package io.j8s.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Keys from `start` (inclusive) to `end` (exclusive; null: to the end of all keys).
public record KeyRange(Key start, @Nullable Key end) {

    /// All keys.
    public static final KeyRange ALL = new KeyRange(Key.of(""), null);

    /// The one key.
    public static KeyRange only(Key key) {
        return new KeyRange(key, key.next());
    }

    /// All keys that start with these bytes.
    public static KeyRange prefix(String prefix) {
        return prefix(Key.of(prefix));
    }

    public static KeyRange prefix(Key prefix) {
        byte[] end = prefix.bytes();
        for (int i = end.length - 1; i >= 0; i--) {
            if (end[i] != (byte) 0xff) {
                end[i]++;
                return new KeyRange(prefix, Key.of(Arrays.copyOf(end, i + 1)));
            }
        }
        return new KeyRange(prefix, null);
    }

    /// Whether it holds just one possible key, which is `start`.
    public boolean isSingle() {
        return end != null && end.length() == start.length() + 1 && end.byteAt(start.length()) == 0 && end.startsWith(start);
    }

    public boolean contains(Key key) {
        return key.compareTo(start) >= 0 && (end == null || key.compareTo(end) < 0);
    }
}
