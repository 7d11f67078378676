package io.j8s.model.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// A regular expression of a schema, in RE2's syntax, compiled when first needed. Matching takes time in proportion to the value, whatever the expression.
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
            return RegularExpression.compile(text);
        } catch (PatternSyntaxException e) {
            return Pattern.compile("[^\\x00-\\x{10FFFF}]");
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
