package io.j8s.model.schema;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A regular expression of a schema, in the syntax of RE2 that upstream uses, compiled when first needed.
public final class SchemaPattern {

    private final String text;
    private volatile @Nullable Pattern compiled;

    SchemaPattern(String text) {
        this.text = text;
    }

    /// Whether some part of the value matches; an expression that is none matches nothing.
    boolean matches(String value) {
        Pattern known = compiled;
        if (known == null) {
            known = compile(text);
            compiled = known;
        }
        return known.matcher(value).find();
    }

    private static Pattern compile(String text) {
        try {
            return Pattern.compile(translated(text));
        } catch (PatternSyntaxException e) {
            return Pattern.compile("(?!)");
        }
    }

    /// The differences that matter: `$` is the very end, `(?P<name>` names a group, `[[:alpha:]]` is a class.
    private static String translated(String text) {
        StringBuilder out = new StringBuilder();
        boolean inClass = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                out.append(c).append(text.charAt(++i));
            } else if (inClass && text.startsWith("[:", i) && text.indexOf(":]", i) > 0) {
                int end = text.indexOf(":]", i);
                out.append(posix(text.substring(i + 2, end)));
                i = end + 1;
            } else if (inClass) {
                // What Java would take for a class within the class, or for an intersection, is a character in RE2.
                out.append(c == '[' || c == '&' ? "\\" : "").append(c);
                inClass = c != ']';
            } else if (c == '[') {
                inClass = true;
                out.append(c);
                if (text.startsWith("^", i + 1)) {
                    out.append(text.charAt(++i));
                }
                if (text.startsWith("]", i + 1)) {
                    out.append('\\').append(text.charAt(++i));
                }
            } else if (c == '$') {
                out.append("\\z");
            } else if (text.startsWith("(?P<", i)) {
                out.append("(?");
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String posix(String name) {
        return switch (name) {
            case "alpha" -> "a-zA-Z";
            case "digit" -> "0-9";
            case "alnum" -> "a-zA-Z0-9";
            case "upper" -> "A-Z";
            case "lower" -> "a-z";
            case "space" -> "\\s";
            case "word" -> "\\w";
            case "xdigit" -> "0-9a-fA-F";
            case "punct" -> "\\p{Punct}";
            case "blank" -> " \\t";
            case "cntrl" -> "\\p{Cntrl}";
            case "graph" -> "\\p{Graph}";
            case "print" -> "\\p{Print}";
            case "ascii" -> "\\p{ASCII}";
            default -> "";
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
