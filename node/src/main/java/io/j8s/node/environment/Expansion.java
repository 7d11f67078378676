package io.j8s.node.environment;

import java.util.Map;

/// `$(NAME)` in commands, arguments and values (API reference, "Container"): replaced when the variable is defined, left as it is when not;
/// `$$` stands for one dollar sign and keeps what follows from being replaced.
public final class Expansion {
    private Expansion() {}

    public static String of(String text, Map<String, String> variables) {
        if (text.indexOf('$') < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
            int end = c == '$' && next == '(' ? text.indexOf(')', i + 2) : -1;
            if (c == '$' && next == '$') {
                out.append('$');
                i += 2;
            } else if (end >= 0) {
                String name = text.substring(i + 2, end);
                String value = variables.get(name);
                out.append(value == null ? text.substring(i, end + 1) : value);
                i = end + 1;
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }
}
