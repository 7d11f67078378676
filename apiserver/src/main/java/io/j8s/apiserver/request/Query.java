package io.j8s.apiserver.request;

import io.j8s.apiserver.status.Refusal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The parameters of a URL. A parameter that is not properly percent-encoded is left out.
public final class Query {

    public static final Query NONE = new Query("");

    /// name, value, name, value, …
    private final List<String> pairs;

    private Query(String text) {
        this.pairs = text.isEmpty() ? List.of() : parse(text);
    }

    public static Query parseText(String text) {
        return text.isEmpty() ? NONE : new Query(text);
    }

    private static List<String> parse(String text) {
        List<String> pairs = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('&', from);
            end = end < 0 ? text.length() : end;
            int equal = text.indexOf('=', from);
            equal = equal < 0 || equal > end ? end : equal;
            if (end > from) {
                add(pairs, text.substring(from, equal), equal == end ? "" : text.substring(equal + 1, end));
            }
            from = end + 1;
        }
        return pairs;
    }

    private static void add(List<String> pairs, String name, String value) {
        if (name.indexOf(';') >= 0 || value.indexOf(';') >= 0) {
            return;
        }
        String decodedName = decode(name);
        String decodedValue = decode(value);
        if (decodedName != null && decodedValue != null) {
            pairs.add(decodedName);
            pairs.add(decodedValue);
        }
    }

    private static @Nullable String decode(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// The first value, or null when there is none.
    public @Nullable String find(String name) {
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                return pairs.get(i + 1);
            }
        }
        return null;
    }

    /// The first value; empty when there is none.
    public String get(String name) {
        String value = find(name);
        return value == null ? "" : value;
    }

    public List<String> all(String name) {
        List<String> values = new ArrayList<>(1);
        for (int i = 0; i < pairs.size(); i += 2) {
            if (pairs.get(i).equals(name)) {
                values.add(pairs.get(i + 1));
            }
        }
        return values;
    }

    public boolean has(String name) {
        return find(name) != null;
    }

    /// True unless absent, `false` or `0`.
    public boolean flag(String name) {
        String value = find(name);
        return value != null && isTrue(value);
    }

    /// As [#flag], null when absent.
    public @Nullable Boolean maybeFlag(String name) {
        String value = find(name);
        return value == null ? null : isTrue(value);
    }

    private static boolean isTrue(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        return !lower.equals("false") && !lower.equals("0");
    }

    /// A whole number, null when absent; refused with 400 when it is none.
    public @Nullable Long number(String name) {
        String value = find(name);
        if (value == null) {
            return null;
        }
        try {
            return Long.valueOf(value);
        } catch (NumberFormatException e) {
            boolean digits = value.matches("[+-]?[0-9]+");
            throw Refusal.badRequest("strconv.ParseInt: parsing \"" + value + "\": " + (digits ? "value out of range" : "invalid syntax"));
        }
    }
}
