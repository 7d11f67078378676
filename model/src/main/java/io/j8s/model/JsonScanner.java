package io.j8s.model;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/// Takes JSON text apart, from an array of UTF-8 bytes. Not for sharing between threads.
final class JsonScanner {

    final byte[] bytes;
    final int end;
    int position;

    /// where the string that was scanned last begins and ends, and whether it holds escapes or more than ASCII
    int start;
    int stop;
    private boolean plain;

    JsonScanner(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
    }

    /// The next byte that is no white space, not taken; 0 at the end.
    int peek() {
        while (position < end) {
            byte b = bytes[position];
            if (b != ' ' && b != '\n' && b != '\t' && b != '\r') {
                return b;
            }
            position++;
        }
        return 0;
    }

    void expect(char wanted) {
        if (peek() != wanted) {
            throw unexpected("'" + wanted + "'");
        }
        position++;
    }

    /// Takes a comma (true) or the closing character (false).
    boolean more(char close) {
        int next = peek();
        position++;
        if (next == ',') {
            return true;
        }
        if (next == close) {
            return false;
        }
        position--;
        throw unexpected("',' or '" + close + "'");
    }

    /// Takes the closing character if it is next.
    boolean closes(char close) {
        if (peek() == close) {
            position++;
            return true;
        }
        return false;
    }

    DecodeException unexpected(String wanted) {
        if (position >= end) {
            return new DecodeException("", "the JSON text ends too early: wanted " + wanted + " at byte " + position);
        }
        int c = bytes[position] & 0xFF;
        String found = c >= 0x20 && c < 0x7F ? "'" + (char) c + "'" : "byte " + c;
        return new DecodeException("", "malformed JSON: wanted " + wanted + " at byte " + position + ", found " + found);
    }

    /// Takes a word such as `true`.
    void word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (position >= end || bytes[position] != word.charAt(i)) {
                throw unexpected("\"" + word + "\"");
            }
            position++;
        }
    }

    boolean isNull() {
        if (peek() != 'n') {
            return false;
        }
        word("null");
        return true;
    }

    /// Takes a string without making it: see [#start], [#stop], [#text].
    void scanString() {
        if (peek() != '"') {
            throw unexpected("a string");
        }
        int i = ++position;
        start = i;
        plain = true;
        while (i < end) {
            byte b = bytes[i];
            if (b == '"') {
                stop = i;
                position = i + 1;
                return;
            }
            if (b < 0x20) {
                if (b >= 0) {
                    position = i;
                    throw unexpected("no control character within a string");
                }
                plain = false;
            } else if (b == '\\') {
                plain = false;
                i++;
            }
            i++;
        }
        position = end;
        throw unexpected("the end of a string");
    }

    boolean isPlain() {
        return plain;
    }

    String string() {
        scanString();
        return text();
    }

    /// The string that was scanned last.
    String text() {
        if (start == stop) {
            return "";
        }
        return plain ? new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1) : unescaped();
    }

    private String unescaped() {
        int escape = start;
        while (escape < stop && bytes[escape] != '\\') {
            escape++;
        }
        if (escape == stop) {
            return new String(bytes, start, stop - start, StandardCharsets.UTF_8);
        }
        StringBuilder text = new StringBuilder(stop - start);
        int from = start;
        while (escape < stop) {
            text.append(new String(bytes, from, escape - from, StandardCharsets.UTF_8));
            from = escape(text, escape + 1);
            escape = from;
            while (escape < stop && bytes[escape] != '\\') {
                escape++;
            }
        }
        return text.append(new String(bytes, from, stop - from, StandardCharsets.UTF_8)).toString();
    }

    /// Appends what an escape means; gives the place after it.
    private int escape(StringBuilder text, int place) {
        switch (bytes[place]) {
            case '"', '\\', '/' -> text.append((char) bytes[place]);
            case 'b' -> text.append('\b');
            case 'f' -> text.append('\f');
            case 'n' -> text.append('\n');
            case 'r' -> text.append('\r');
            case 't' -> text.append('\t');
            case 'u' -> {
                return unicode(text, place + 1);
            }
            default -> {
                position = place;
                throw unexpected("an escape of JSON");
            }
        }
        return place + 1;
    }

    private int unicode(StringBuilder text, int place) {
        char first = hex(place);
        if (Character.isHighSurrogate(first) && place + 10 <= stop && bytes[place + 4] == '\\' && bytes[place + 5] == 'u') {
            char second = hex(place + 6);
            if (Character.isLowSurrogate(second)) {
                text.append(first).append(second);
                return place + 10;
            }
        }
        text.append(Character.isSurrogate(first) ? '\uFFFD' : first);
        return place + 4;
    }

    private char hex(int place) {
        int value = 0;
        for (int i = place; i < place + 4; i++) {
            int digit = i < stop ? Character.digit(bytes[i], 16) : -1;
            if (digit < 0) {
                position = i;
                throw unexpected("four hexadecimal digits");
            }
            value = value << 4 | digit;
        }
        return (char) value;
    }

    /// Takes a number without reading it: see [#start] and [#stop].
    ///
    /// @return whether it is written as a whole number
    boolean scanNumber() {
        start = position;
        if (position < end && bytes[position] == '-') {
            position++;
        }
        int first = position;
        digits();
        if (bytes[first] == '0' && position - first > 1) {
            position = first;
            throw unexpected("a number without leading zeros");
        }
        boolean whole = true;
        if (position < end && bytes[position] == '.') {
            whole = false;
            position++;
            digits();
        }
        if (position < end && (bytes[position] == 'e' || bytes[position] == 'E')) {
            whole = false;
            position++;
            if (position < end && (bytes[position] == '-' || bytes[position] == '+')) {
                position++;
            }
            digits();
        }
        stop = position;
        return whole;
    }

    private void digits() {
        int from = position;
        while (position < end && bytes[position] >= '0' && bytes[position] <= '9') {
            position++;
        }
        if (position == from) {
            throw unexpected("a value");
        }
    }

    /// The number that was scanned last, as text.
    String number() {
        return new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1);
    }

    /// Whether the whole number that was scanned last fits a `long`.
    boolean fitsLong() {
        if (stop - start < 19) {
            return true;
        }
        return stop - start <= 20 && new BigInteger(number()).bitLength() < 64;
    }

    /// The whole number that was scanned last.
    long whole() {
        if (stop - start >= 19) {
            return Long.parseLong(number());
        }
        boolean negative = bytes[start] == '-';
        long value = 0;
        for (int i = negative ? start + 1 : start; i < stop; i++) {
            value = value * 10 + bytes[i] - '0';
        }
        return negative ? -value : value;
    }

    /// Takes a value of any kind and gives its text, without white space between its parts.
    byte[] raw() {
        peek();
        int from = position;
        boolean compact = skip(0, JsonReader.DEEPEST);
        return compact ? Arrays.copyOfRange(bytes, from, position) : compacted(from, position);
    }

    /// The next value as it was written.
    byte[] verbatim() {
        peek();
        int from = position;
        skip(0, JsonReader.DEEPEST);
        return Arrays.copyOfRange(bytes, from, position);
    }

    private byte[] compacted(int from, int to) {
        ByteOutput out = new ByteOutput(to - from);
        boolean within = false;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (within && b == '\\') {
                out.put(b);
                out.put(bytes[++i]);
                continue;
            }
            if (b == '"') {
                within = !within;
            }
            if (within || (b != ' ' && b != '\n' && b != '\t' && b != '\r')) {
                out.put(b);
            }
        }
        return out.toArray();
    }

    /// Takes a value of any kind, without recursion: it may be nested deeper than the caller's stack would bear.
    ///
    /// @param depth how many objects and lists it is within already
    /// @param deepest how many there may be in all
    /// @return whether there was no white space in it
    boolean skip(int depth, int deepest) {
        BitSet objects = new BitSet(0);
        int open = 0;
        boolean compact = true;
        do {
            int next = peek();
            if (next == '{' || next == '[') {
                if (depth + open >= deepest) {
                    throw new DecodeException("", "exceeded max depth");
                }
                position++;
                compact &= isDense();
                if (!closes(next == '{' ? '}' : ']')) {
                    objects.set(open++, next == '{');
                    compact &= next == '[' || key();
                    continue;
                }
            } else {
                skipScalar(next);
            }
            while (open > 0) { // what it ends, or the next one beside it
                compact &= isDense();
                boolean inObject = objects.get(open - 1);
                if (more(inObject ? '}' : ']')) {
                    compact &= isDense();
                    compact &= !inObject || key();
                    break;
                }
                open--;
            }
        } while (open > 0);
        return compact;
    }

    private void skipScalar(int first) {
        switch (first) {
            case '"' -> skipString();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> scanNumber();
        }
    }

    private void skipString() {
        scanString();
        if (!plain) {
            text(); // its escapes must be some
        }
    }

    /// Takes a member's name and what follows it.
    private boolean key() {
        boolean compact = isDense();
        skipString();
        compact &= position < end && bytes[position] == ':';
        expect(':');
        return compact & isDense();
    }

    private boolean isDense() {
        return position < end && bytes[position] > ' ';
    }
}
