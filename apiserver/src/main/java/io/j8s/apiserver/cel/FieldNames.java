package io.j8s.apiserver.cel;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names of fields in expressions: what CEL does not take as a name is spelled out (`a.b` is `a__dot__b`, `if` is `__if__`).
final class FieldNames {

    private static final Set<String> RESERVED = Set.of(
            "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
            "return", "var", "void", "while");

    private FieldNames() {}

    /// The name in expressions; null when the field cannot be named there.
    static @Nullable String escaped(String name) {
        if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
            return null;
        }
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (name.startsWith("__", i)) {
                text.append("__underscores__");
                i++;
            } else if (c == '.') {
                text.append("__dot__");
            } else if (c == '-') {
                text.append("__dash__");
            } else if (c == '/') {
                text.append("__slash__");
            } else if (c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
                text.append(c);
            } else {
                return null;
            }
        }
        return text.toString();
    }
}
