package io.j8s.model;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes plain Java as YAML in block style: keys sorted, lists at the indentation of their key, texts quoted only where they would be read as something else.
final class YamlWriter {

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    static String text(Object plain) {
        YamlWriter writer = new YamlWriter();
        switch (plain) {
            case Map<?, ?> map when !map.isEmpty() -> writer.members(map, 0, true);
            case List<?> list when !list.isEmpty() -> writer.elements(list, 0, true);
            default -> {
                writer.scalar(plain, 0);
                writer.out.append('\n');
            }
        }
        return writer.out.toString();
    }

    private void indent(int depth) {
        out.repeat(' ', depth);
    }

    /// @param fresh whether the first member begins a new line
    private void members(Map<?, ?> map, int depth, boolean fresh) {
        boolean first = true;
        for (Map.Entry<?, ?> member : new TreeMap<>(map).entrySet()) {
            if (fresh || !first) {
                indent(depth);
            }
            first = false;
            string((String) member.getKey(), depth, true);
            out.append(':');
            switch (member.getValue()) {
                case Map<?, ?> inner when !inner.isEmpty() -> {
                    out.append('\n');
                    members(inner, depth + 2, true);
                }
                case List<?> inner when !inner.isEmpty() -> {
                    out.append('\n');
                    elements(inner, depth, true);
                }
                case Object inner -> {
                    out.append(' ');
                    scalar(inner, depth + 2);
                    out.append('\n');
                }
            }
        }
    }

    private void elements(List<?> list, int depth, boolean fresh) {
        boolean first = true;
        for (Object element : list) {
            if (fresh || !first) {
                indent(depth);
            }
            first = false;
            out.append("- ");
            switch (element) {
                case Map<?, ?> inner when !inner.isEmpty() -> members(inner, depth + 2, false);
                case List<?> inner when !inner.isEmpty() -> elements(inner, depth + 2, false);
                default -> {
                    scalar(element, depth + 2);
                    out.append('\n');
                }
            }
        }
    }

    private void scalar(Object value, int depth) {
        switch (value) {
            case JsonNull none -> out.append("null");
            case String text -> string(text, depth, false);
            case Map<?, ?> map -> out.append("{}");
            case List<?> list -> out.append("[]");
            case Long number -> out.append(number);
            case BigInteger number -> out.append(number);
            default -> out.append(new String(Json.writePlain(value), StandardCharsets.UTF_8));
        }
    }

    private void string(String text, int depth, boolean key) {
        if (!(YamlWords.resolve(text) instanceof String) || timestamp(text)) {
            out.append('"').append(text).append('"');
        } else if (!key && text.indexOf('\n') >= 0 && literal(text)) {
            block(text, depth);
        } else if (needsEscapes(text)) {
            escaped(text);
        } else if (plain(text)) {
            out.append(text);
        } else {
            out.append('\'').append(text.replace("'", "''")).append('\'');
        }
    }

    private static boolean literal(String text) {
        return !text.isBlank() && !text.startsWith(" ") && !text.startsWith("\n") && !text.contains(" \n") && !text.endsWith(" ")
                && !needsEscapes(text.replace("\n", "")) && text.indexOf('\t') < 0;
    }

    private void block(String text, int depth) {
        out.append(text.endsWith("\n\n") ? "|+" : text.endsWith("\n") ? "|" : "|-");
        String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        for (String line : body.split("\n", -1)) {
            out.append('\n');
            if (!line.isEmpty()) {
                indent(depth);
                out.append(line);
            }
        }
    }

    private static boolean needsEscapes(String text) {
        return text.codePoints().anyMatch(c -> (c < 0x20) || c == 0x7F || (c >= 0x80 && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF);
    }

    private void escaped(String text) {
        out.append('"');
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xA0)) {
                        out.append(String.format("\\x%02x", c));
                    } else if (c == 0x2028 || c == 0x2029 || c == 0xFEFF) {
                        out.append(String.format("\\u%04x", c));
                    } else {
                        out.appendCodePoint(c);
                    }
                }
            }
        });
        out.append('"');
    }

    private static boolean plain(String text) {
        char first = text.charAt(0);
        if ("!&*|>'\"%@`#,[]{}".indexOf(first) >= 0 || first == ' ' || text.endsWith(" ") || text.endsWith(":") || text.equals("=") || text.equals("<<")) {
            return false;
        }
        if ("-?:".indexOf(first) >= 0 && (text.length() == 1 || text.charAt(1) == ' ')) {
            return false;
        }
        return !text.contains(": ") && !text.contains(" #") && !text.startsWith("---") && !text.startsWith("...");
    }

    /// Whether another reader would take the text for a time.
    private static boolean timestamp(String text) {
        return text.length() >= 8 && text.charAt(4) == '-' && text.substring(0, 4).chars().allMatch(Character::isDigit)
                && text.matches("\\d{4}-\\d{1,2}-\\d{1,2}([Tt ].*)?");
    }
}
