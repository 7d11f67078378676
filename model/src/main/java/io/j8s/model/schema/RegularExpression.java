package io.j8s.model.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayDeque;
import java.util.Deque;

/// Regular expressions in RE2's syntax, within the bounds that Go's own library has: repetitions within each other that together stand for more than a thousand, and groups nested
/// deeper than a thousand, are refused before they take memory. Matching takes time in proportion to the text, whatever the expression.
public final class RegularExpression {

    private static final int MOST_REPETITIONS = 1000;
    private static final int DEEPEST = 1000;

    private RegularExpression() {}

    /// @throws PatternSyntaxException when the text is no expression, or one that would take too much
    public static Pattern compile(String text) {
        new Bounds(text).check();
        try {
            return Pattern.compile(text);
        } catch (StackOverflowError e) { // the stack is the caller's, too
            throw tooDeep(text);
        }
    }

    private static PatternSyntaxException tooDeep(String text) {
        return new PatternSyntaxException("expression nests too deeply", text);
    }

    /// Goes through the text once. What is no expression is left to the parser.
    private static final class Bounds {
        private final String text;
        private final Deque<Integer> outer = new ArrayDeque<>();
        private int position;
        /// How often the atom that was read last repeats what is within it, and the most of those in the group so far.
        private int atom = 1;
        private int group = 1;

        Bounds(String text) {
            this.text = text;
        }

        void check() {
            while (position < text.length()) {
                char c = text.charAt(position++);
                switch (c) {
                    case '\\' -> escape();
                    case '[' -> characters();
                    case '(' -> open();
                    case ')' -> close();
                    case '{' -> repeat();
                    case '*', '+', '?' -> { } // they take no more room than what they repeat
                    default -> atom = 1;
                }
            }
        }

        private void escape() {
            boolean quotes = text.startsWith("Q", position);
            int end = quotes ? text.indexOf("\\E", position) : position + 1;
            position = end < 0 ? text.length() : quotes ? end + 2 : end;
            atom = 1;
        }

        private void characters() {
            atom = 1;
            int i = position;
            if (text.startsWith("^", i)) {
                i++;
            }
            if (text.startsWith("]", i)) {
                i++;
            }
            while (i < text.length() && text.charAt(i) != ']') {
                boolean named = text.startsWith("[:", i) && text.indexOf(":]", i) >= 0;
                i = named ? text.indexOf(":]", i) + 2 : text.charAt(i) == '\\' ? i + 2 : i + 1;
            }
            position = Math.min(text.length(), i + 1);
        }

        private void open() {
            if (outer.size() >= DEEPEST) {
                throw tooDeep(text);
            }
            outer.push(group);
            group = 1;
            atom = 1;
        }

        private void close() {
            if (!outer.isEmpty()) {
                atom = group;
                group = Math.max(outer.pop(), group);
            }
        }

        private void repeat() {
            int end = text.indexOf('}', position);
            String[] counts = end < 0 ? new String[0] : text.substring(position, end).split(",", -1);
            if (counts.length < 1 || counts.length > 2 || number(counts[0]) < 0) {
                atom = 1; // a brace that stands for itself
                return;
            }
            int most = Math.max(number(counts[0]), counts.length == 2 ? number(counts[1]) : 0);
            long all = (long) atom * Math.max(1, most);
            if (all > MOST_REPETITIONS) {
                throw new PatternSyntaxException("invalid repeat count", text.substring(position - 1, end + 1));
            }
            atom = (int) all;
            group = Math.max(group, atom);
            position = end + 1;
        }

        /// -1: none.
        private static int number(String digits) {
            boolean fits = !digits.isEmpty() && digits.length() < 6 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
            return fits ? Integer.parseInt(digits) : -1;
        }
    }
}
