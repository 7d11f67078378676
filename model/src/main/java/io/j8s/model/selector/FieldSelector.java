package io.j8s.model.selector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A field selector, compiled. Immutable.
///
/// Written form: terms joined by commas, each `field=value`, `field==value` or `field!=value`; in a value `\`, `,` and `=` are written with a backslash
/// before them. An empty text selects everything.
public final class FieldSelector {

    private static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    /// @param equal whether the field must have the value, or must not
    public record Term(String field, boolean equal, String value) {
        @Override
        public String toString() {
            return field + (equal ? "=" : "!=") + escape(value);
        }
    }

    /// Turns a field and value as a client wrote them into those of the resource; null leaves the term out.
    @FunctionalInterface
    public interface Conversion {
        /// @throws SelectorException when the resource cannot be selected by this field
        @Nullable Term convert(Term term);
    }

    private final List<Term> terms;

    private FieldSelector(List<Term> terms) {
        this.terms = List.copyOf(terms);
    }

    public static FieldSelector everything() {
        return EVERYTHING;
    }

    public static FieldSelector of(List<Term> terms) {
        return terms.isEmpty() ? EVERYTHING : new FieldSelector(terms);
    }

    /// @throws SelectorException when the text is no selector
    public static FieldSelector parse(String text) {
        List<String> parts = split(text);
        Collections.sort(parts);
        List<Term> terms = new ArrayList<>();
        for (String part : parts) {
            if (!part.isEmpty()) {
                terms.add(term(text, part));
            }
        }
        return of(terms);
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        boolean escaped = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (escaped) {
                escaped = false;
            } else if (c == '\\') {
                escaped = true;
            } else if (c == ',') {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static Term term(String whole, String part) {
        for (int i = 0; i < part.length(); i++) {
            if (part.startsWith("!=", i)) {
                return new Term(part.substring(0, i), false, unescape(part.substring(i + 2)));
            }
            if (part.charAt(i) == '=') {
                return new Term(part.substring(0, i), true, unescape(part.substring(part.startsWith("==", i) ? i + 2 : i + 1)));
            }
        }
        throw new SelectorException("invalid selector: '" + whole + "'; can't understand '" + part + "'");
    }

    /// A value as it is written within a selector.
    public static String escape(String value) {
        return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
    }

    private static String unescape(String text) {
        if (text.indexOf('\\') < 0 && text.indexOf('=') < 0) {
            return text;
        }
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '=') {
                throw new SelectorException("invalid field selector: unescaped character in value: " + (int) c);
            }
            if (c == '\\') {
                i++;
                if (i == text.length() || "\\,=".indexOf(text.charAt(i)) < 0) {
                    throw new SelectorException("invalid field selector: invalid escape sequence: \\" + (i == text.length() ? "" : text.charAt(i)));
                }
                c = text.charAt(i);
            }
            value.append(c);
        }
        return value.toString();
    }

    /// The selector with every term converted.
    ///
    /// @throws SelectorException when a term cannot be
    public FieldSelector convert(Conversion conversion) {
        List<Term> converted = new ArrayList<>();
        for (Term term : terms) {
            Term result = conversion.convert(term);
            if (result != null) {
                converted.add(result);
            }
        }
        return of(converted);
    }

    /// @param values the value of a field; empty for one that is not set
    public boolean matches(UnaryOperator<String> values) {
        for (Term term : terms) {
            if (values.apply(term.field).equals(term.value) != term.equal) {
                return false;
            }
        }
        return true;
    }

    public boolean selectsEverything() {
        return terms.isEmpty();
    }

    public List<Term> terms() {
        return terms;
    }

    /// The value a field must have; null when it is left open.
    public @Nullable String exactValue(String field) {
        for (Term term : terms) {
            if (term.equal && term.field.equals(field)) {
                return term.value;
            }
        }
        return null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldSelector selector && terms.equals(selector.terms);
    }

    @Override
    public int hashCode() {
        return terms.hashCode();
    }

    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining(","));
    }
}
