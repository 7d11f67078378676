package io.j8s.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Header fields in order, with names in lower case. Immutable; `with` and `without` give changed copies.
/// Names must be tokens, and values free of line breaks and NUL (RFC 9110 section 5): a value can never forge another field.
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
            pairs[i] = checkedName(pairs[i]);
            checkValue(pairs[i], pairs[i + 1]);
        }
        return new Headers(pairs);
    }

    /// Fields that a codec has already checked and lower-cased; takes the array as it is.
    static Headers trusted(String[] pairs) {
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

    /// Whether a field of this name lists the token, in a comma-separated list and in any case (`connection: keep-alive, Upgrade`).
    public boolean lists(String name, String token) {
        for (int i = 0; i < pairs.length; i += 2) {
            if (pairs[i].equalsIgnoreCase(name)) {
                for (String part : pairs[i + 1].split(",", -1)) {
                    if (part.trim().equalsIgnoreCase(token)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /// A copy with one more field.
    public Headers with(String name, String value) {
        String[] more = Arrays.copyOf(pairs, pairs.length + 2);
        more[pairs.length] = checkedName(name);
        more[pairs.length + 1] = value;
        checkValue(name, value);
        return new Headers(more);
    }

    /// A copy with the other's fields after its own.
    public Headers withAll(Headers others) {
        if (others.pairs.length == 0 || pairs.length == 0) {
            return others.pairs.length == 0 ? this : others;
        }
        String[] more = Arrays.copyOf(pairs, pairs.length + others.pairs.length);
        System.arraycopy(others.pairs, 0, more, pairs.length, others.pairs.length);
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

    String name(int index) {
        return pairs[2 * index];
    }

    String value(int index) {
        return pairs[2 * index + 1];
    }

    private static String checkedName(String name) {
        boolean upper = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 127 || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
                throw new IllegalArgumentException("header name \"" + name + "\" has a character that is not allowed at " + i + "; use letters, digits and -");
            }
            upper |= c >= 'A' && c <= 'Z';
        }
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a header name is empty");
        }
        return upper ? name.toLowerCase(Locale.ROOT) : name;
    }

    private static void checkValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException("the value of header " + name + " has a line break or NUL at " + i + "; encode it");
            }
        }
    }

    @Override
    public String toString() {
        return String.join("|", pairs);
    }
}
