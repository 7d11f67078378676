package io.j8s.model.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Paths to fields that a schema states, such as `.spec.replicas` or `.metadata.labels['app.kubernetes.io/name']`: fields and keys of maps, no elements of lists.
public final class FieldPaths {

    private FieldPaths() {}

    /// @param text the path as causes write it: `spec.replicas`, `labels[app]`
    /// @param schema what it leads to; null where that may be anything
    public record Found(String text, @Nullable Schema schema) {}

    /// @param subscripts whether `['name']` is allowed
    /// @throws IllegalArgumentException when it is no path, or leads to nothing that is stated
    public static Found find(String path, Schema schema, boolean subscripts) {
        StringBuilder text = new StringBuilder();
        Schema at = schema;
        List<String> tokens = tokens(path);
        for (int i = 0; i < tokens.size(); i++) {
            String token = tokens.get(i);
            String name;
            if (token.equals(".")) {
                name = next(tokens, ++i);
            } else if (token.equals("[")) {
                if (!subscripts) {
                    throw new IllegalArgumentException("array notation is not allowed");
                }
                name = unquoted(next(tokens, ++i));
                if (!next(tokens, ++i).equals("]")) {
                    throw new IllegalArgumentException("expected ] but got " + tokens.get(i));
                }
            } else {
                throw new IllegalArgumentException("expected [ or . but got: " + token);
            }
            at = step(at, name, text);
        }
        return new Found(text.toString(), at);
    }

    private static @Nullable Schema step(@Nullable Schema at, String name, StringBuilder text) {
        if (at == null) {
            throw new IllegalArgumentException("does not refer to a valid field");
        }
        if (!at.properties().isEmpty()) {
            Schema property = at.properties().get(name);
            if (property == null) {
                throw new IllegalArgumentException("does not refer to a valid field");
            }
            text.append(text.isEmpty() ? "" : ".").append(name);
            return property;
        }
        if (at.additional() == null && !at.additionalAny()) {
            throw new IllegalArgumentException("does not refer to a valid field");
        }
        text.append('[').append(name).append(']');
        return at.additional();
    }

    private static String next(List<String> tokens, int index) {
        if (index >= tokens.size()) {
            throw new IllegalArgumentException("unexpected end of JSON path");
        }
        return tokens.get(index);
    }

    /// Delimiters stand alone; a text in quotes is one token.
    private static List<String> tokens(String path) {
        List<String> tokens = new ArrayList<>();
        int start = 0;
        while (start < path.length()) {
            int end = start + 1;
            if (path.charAt(start) == '\'') {
                while (end < path.length() && (path.charAt(end) != '\'' || path.charAt(end - 1) == '\\')) {
                    end++;
                }
                end = Math.min(end + 1, path.length());
            } else if (".[]".indexOf(path.charAt(start)) < 0) {
                while (end < path.length() && ".[]".indexOf(path.charAt(end)) < 0) {
                    end++;
                }
            }
            tokens.add(path.substring(start, end));
            start = end;
        }
        return tokens;
    }

    private static String unquoted(String token) {
        if (token.length() < 2 || token.charAt(0) != '\'' || token.charAt(token.length() - 1) != '\'') {
            throw new IllegalArgumentException("expected single quoted string but got " + token);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < token.length() - 1; i++) {
            char c = token.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            i++;
            int known = "abfnrtv'\\".indexOf(token.charAt(i));
            if (known < 0) {
                throw new IllegalArgumentException("invalid string literal: invalid escape char \\" + token.charAt(i));
            }
            text.append("\u0007\b\f\n\r\t\u000b'\\".charAt(known));
        }
        return text.toString();
    }
}
