package io.j8s.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Header fields in order, with names in lower case. Immutable; `with` and `without` give changed copies.
public final class Headers {

    public static final Headers EMPTY = new Headers(new String[0]);

    /// name, value, name, value, …
    private final String[] pairs;

    private Headers(String[] pairs) {
        this.pairs = pairs;
    }

    /// Header fields from `name, value, name, value, …`; names are lower-cased.
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("header names and values must come in pairs, got " + namesAndValues.length + " strings");
        }
        String[] pairs = namesAndValues.clone();
        for (int i = 0; i < pairs.length; i += 2) {
            pairs[i] = pairs[i].toLowerCase(Locale.ROOT);
        }
        return new Headers(pairs);
    }

    /// The first value of this name, or null.
    public @Nullable String get(String name) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equalsIgnoreCase(name)) {
                return pairs[i + 1];
            }
        }
        return null;
    }

    /// The first value of this name, or the given one.
    public String getOr(String name, String otherwise) {
        String value = get(name);
        return value == null ? otherwise : value;
    }

    /// All values of this name, in order.
    public List<String> all(String name) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equalsIgnoreCase(name)) {
                values.add(pairs[i + 1]);
            }
        }
        return values;
    }

    /// A copy with one more field.
    public Headers with(String name, String value) {
        String[] more = java.util.Arrays.copyOf(pairs, pairs.length + 2);
        more[pairs.length] = name.toLowerCase(Locale.ROOT);
        more[pairs.length + 1] = value;
        return new Headers(more);
    }

    /// A copy without the fields of this name.
    public Headers without(String name) {
        List<String> kept = new ArrayList<>(pairs.length);
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i].equalsIgnoreCase(name)) {
                kept.add(pairs[i]);
                kept.add(pairs[i + 1]);
            }
        }
        return kept.size() == pairs.length ? this : new Headers(kept.toArray(String[]::new));
    }

    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < pairs.length; i += 2) {
            action.accept(pairs[i], pairs[i + 1]);
        }
    }

    public int size() {
        return pairs.length / 2;
    }

    @Override
    public String toString() {
        return String.join("|", pairs);
    }
}
