package io.j8s.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// YAML that is JSON, as client-go and most programs send it where YAML is wanted: read by the reader of JSON, which takes a fraction of the time. Only what both readers
/// understand in the same way is taken; the rest is left to the reader of YAML, with its findings and errors.
final class JsonInYaml {
    /// The longest key that YAML allows without a mark in front of it, and with room to spare.
    private static final int LONGEST_KEY = 500;

    private JsonInYaml() {}

    /// The only document as plain Java; null when it is to be read as YAML.
    static @Nullable Object read(byte[] yaml) {
        if (yaml.length == 0 || yaml[0] != '{' || !isPlain(yaml)) {
            return null;
        }
        boolean[] repeated = {false};
        try {
            Object document = Json.readPlain(yaml, finding -> repeated[0] = true);
            return repeated[0] || !isPlain(document) ? null : document;
        } catch (DecodeException e) {
            return null;
        }
    }

    /// Whether it is of printable ASCII, spaces and line ends, without the escapes on which YAML has a view of its own.
    private static boolean isPlain(byte[] text) {
        for (int i = 0; i < text.length; i++) {
            byte at = text[i];
            if (at < ' ' && at != '\n' || at == 0x7F || at == '\\' && !isPlainEscape(text, i + 1)) {
                return false;
            }
            i += at == '\\' ? 1 : 0;
        }
        return true;
    }

    /// Those of one letter, but for the slash, and those of ASCII as Go's writer makes them for `<`, `>` and `&`.
    private static boolean isPlainEscape(byte[] text, int place) {
        if (place >= text.length || text[place] == '/') {
            return false;
        }
        return text[place] != 'u' || place + 3 < text.length && text[place + 1] == '0' && text[place + 2] == '0' && text[place + 3] >= '2' && text[place + 3] <= '6';
    }

    /// Whether its numbers are whole and its keys short.
    private static boolean isPlain(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    if (((String) entry.getKey()).length() > LONGEST_KEY || !isPlain(entry.getValue())) {
                        yield false;
                    }
                }
                yield true;
            }
            case List<?> list -> {
                for (Object element : list) {
                    if (!isPlain(element)) {
                        yield false;
                    }
                }
                yield true;
            }
            case Double number -> false;
            default -> true;
        };
    }
}
