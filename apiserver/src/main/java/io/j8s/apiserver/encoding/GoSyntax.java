package io.j8s.apiserver.encoding;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// What is wrong with a text that is no JSON, in the words of Go's `encoding/json`, which clients of upstream know: the first byte that cannot stand where it stands (RFC 8259).
final class GoSyntax {

    private static final int DEEPEST = 10_000;
    private static final String EARLY_END = "unexpected end of JSON input";

    private final byte[] text;
    private final BitSet objects = new BitSet();
    private int position;
    private int open;

    private GoSyntax(byte[] text) {
        this.text = text;
    }

    /// Ends the reading.
    private static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1;

        Found(String message) {
            super(message, null, false, false);
        }
    }

    /// Null: it is JSON.
    static @Nullable String error(byte[] text) {
        try {
            new GoSyntax(text).document();
            return null;
        } catch (Found found) {
            return String.valueOf(found.getMessage());
        }
    }

    private void document() {
        do {
            boolean opened = value();
            while (open > 0 && !opened && !another()) {
                open--;
            }
        } while (open > 0);
        if (next() >= 0) {
            throw unexpected("after top-level value");
        }
    }

    /// Takes a value, or the beginning of one that holds others; true when those come next.
    private boolean value() {
        int first = next();
        switch (first) {
            case '{', '[' -> {
                return begin(first == '{');
            }
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw unexpected("looking for beginning of value");
        }
        return false;
    }

    private boolean begin(boolean object) {
        if (open == DEEPEST) {
            throw new Found("exceeded max depth");
        }
        position++;
        if (next() == (object ? '}' : ']')) {
            position++;
            return false;
        }
        objects.set(open++, object);
        if (object) {
            key();
        }
        return true;
    }

    /// After a value: on to the next one beside it; false at the end of what it is in.
    private boolean another() {
        boolean object = objects.get(open - 1);
        int found = next();
        if (found == (object ? '}' : ']')) {
            position++;
            return false;
        }
        if (found != ',') {
            throw unexpected(object ? "after object key:value pair" : "after array element");
        }
        position++;
        if (object) {
            key();
        }
        return true;
    }

    private void key() {
        if (next() != '"') {
            throw unexpected("looking for beginning of object key string");
        }
        string();
        if (next() != ':') {
            throw unexpected("after object key");
        }
        position++;
    }

    private void string() {
        position++;
        for (int c = here(); c != '"'; c = here()) {
            if (c >= 0 && c < 0x20) {
                throw unexpected("in string literal");
            }
            position++;
            if (c == '\\') {
                escape();
            } else if (c < 0) {
                throw new Found(EARLY_END);
            }
        }
        position++;
    }

    private void escape() {
        int c = here();
        if (c == 'u') {
            for (int i = 0; i < 4; i++) {
                position++;
                if (here() >= 0 && Character.digit(here(), 16) < 0) {
                    throw unexpected("in \\u hexadecimal character escape");
                }
            }
        } else if (c >= 0 && "\"\\/bfnrt".indexOf(c) < 0) {
            throw unexpected("in string escape code");
        }
        position++;
    }

    private void word(String word) {
        for (int i = 1; i < word.length(); i++) {
            position++;
            if (here() != word.charAt(i)) {
                throw unexpected("in literal " + word + " (expecting '" + word.charAt(i) + "')");
            }
        }
        position++;
    }

    private void number() {
        if (here() == '-') {
            position++;
        }
        if (here() == '0') {
            position++;
        } else {
            digits("in numeric literal");
        }
        if (here() == '.') {
            position++;
            digits("after decimal point in numeric literal");
        }
        if (here() == 'e' || here() == 'E') {
            position++;
            if (here() == '+' || here() == '-') {
                position++;
            }
            digits("in exponent of numeric literal");
        }
    }

    private void digits(String where) {
        if (here() < '0' || here() > '9') {
            throw unexpected(where);
        }
        while (here() >= '0' && here() <= '9') {
            position++;
        }
    }

    /// The byte here; -1 at the end.
    private int here() {
        return position < text.length ? text[position] & 0xFF : -1;
    }

    /// The next byte that is no white space.
    private int next() {
        while (here() == ' ' || here() == '\n' || here() == '\t' || here() == '\r') {
            position++;
        }
        return here();
    }

    private Found unexpected(String where) {
        return here() < 0 ? new Found(EARLY_END) : new Found("invalid character " + quoted((char) here()) + " " + where);
    }

    private static String quoted(char c) {
        return switch (c) {
            case '\'' -> "'\\''";
            case '"' -> "'\"'";
            case '\\' -> "'\\\\'";
            case '\n' -> "'\\n'";
            case '\t' -> "'\\t'";
            case '\r' -> "'\\r'";
            case 0x07 -> "'\\a'";
            case '\b' -> "'\\b'";
            case 0x0b -> "'\\v'";
            case '\f' -> "'\\f'";
            default -> c < 0x20 || c == 0x7f ? String.format("'\\x%02x'", (int) c) : c >= 0x80 && c <= 0xa0 || c == 0xad ? String.format("'\\u%04x'", (int) c) : "'" + c + "'";
        };
    }
}
