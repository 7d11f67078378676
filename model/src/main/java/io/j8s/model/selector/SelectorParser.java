package io.j8s.model.selector;

import io.j8s.model.selector.Requirement.Operator;
import java.util.ArrayList;
import java.util.List;

/// Reads the written form of a label selector. `in` and `notin` are operators only where an operator may stand; elsewhere they are keys and values like any other.
final class SelectorParser {

    private enum Kind { WORD, SYMBOL, END }

    private record Token(Kind kind, String text) {
        boolean is(String symbol) {
            return kind == Kind.SYMBOL && text.equals(symbol);
        }
    }

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int next;

    SelectorParser(String text) {
        this.text = text;
    }

    List<Requirement> parse() {
        scan();
        List<Requirement> requirements = new ArrayList<>();
        if (peek().kind == Kind.END) {
            return requirements;
        }
        while (true) {
            if (peek().kind != Kind.WORD && !peek().is("!")) {
                throw unexpected(peek(), requirements.isEmpty() ? "!, identifier, or 'end of string'" : "identifier after ','");
            }
            requirements.add(named());
            Token after = take();
            if (after.kind == Kind.END) {
                return requirements;
            }
            if (!after.is(",")) {
                throw unexpected(after, "',' or 'end of string'");
            }
        }
    }

    private Requirement named() {
        try {
            return requirement();
        } catch (SelectorException e) {
            throw new SelectorException("unable to parse requirement: " + e.getMessage());
        }
    }

    private Requirement requirement() {
        boolean negated = peek().is("!");
        if (negated) {
            take();
        }
        Token key = take();
        if (key.kind != Kind.WORD) {
            throw unexpected(key, "identifier");
        }
        List<String> reasons = Names.qualifiedName(key.text);
        if (!reasons.isEmpty()) {
            throw new SelectorException("<nil>: Invalid value: \"" + key.text + "\": " + String.join("; ", reasons));
        }
        if (negated || peek().kind == Kind.END || peek().is(",")) {
            return new Requirement(key.text, negated ? Operator.DOES_NOT_EXIST : Operator.EXISTS, List.of());
        }
        Operator operator = operator();
        List<String> values = operator == Operator.IN || operator == Operator.NOT_IN ? valueList() : List.of(exactValue());
        return new Requirement(key.text, operator, values);
    }

    private Operator operator() {
        Token token = take();
        return switch (token.text) {
            case "in" -> Operator.IN;
            case "notin" -> Operator.NOT_IN;
            case "=" -> Operator.EQUALS;
            case "==" -> Operator.DOUBLE_EQUALS;
            case "!=" -> Operator.NOT_EQUALS;
            case ">" -> Operator.GREATER_THAN;
            case "<" -> Operator.LESS_THAN;
            default -> throw unexpected(token, "in, notin, =, ==, !=, gt, lt");
        };
    }

    private String exactValue() {
        if (peek().kind == Kind.END || peek().is(",")) {
            return "";
        }
        Token value = take();
        if (value.kind != Kind.WORD) {
            throw unexpected(value, "identifier");
        }
        return value.text;
    }

    /// `(a,,b)`: an empty place is the empty value.
    private List<String> valueList() {
        Token open = take();
        if (!open.is("(")) {
            throw new SelectorException("found '" + open.text + "' expected: '('");
        }
        if (peek().kind != Kind.WORD && !peek().is(",") && !peek().is(")")) {
            throw unexpected(peek(), "',', ')' or identifier");
        }
        List<String> values = new ArrayList<>();
        while (true) {
            Token token = take();
            if (token.kind == Kind.WORD) {
                values.add(token.text);
                Token after = take();
                if (after.is(")")) {
                    return values;
                }
                if (!after.is(",")) {
                    throw unexpected(after, "',' or ')'");
                }
            } else if (token.is(",") || token.is(")")) {
                values.add("");
                if (token.is(")")) {
                    return values;
                }
            } else {
                throw unexpected(token, "',', or identifier");
            }
        }
    }

    private Token peek() {
        return tokens.get(next);
    }

    private Token take() {
        Token token = tokens.get(next);
        if (token.kind != Kind.END) {
            next++;
        }
        return token;
    }

    private static SelectorException unexpected(Token token, String expected) {
        return new SelectorException("found '" + token.text + "', expected: " + expected);
    }

    private void scan() {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isSpace(c)) {
                at++;
            } else if (isSymbol(c)) {
                boolean twoLong = at + 1 < text.length() && text.charAt(at + 1) == '=' && (c == '=' || c == '!');
                String symbol = text.substring(at, at + (twoLong ? 2 : 1));
                tokens.add(new Token(Kind.SYMBOL, symbol));
                at += symbol.length();
            } else {
                int from = at;
                while (at < text.length() && !isSpace(text.charAt(at)) && !isSymbol(text.charAt(at))) {
                    at++;
                }
                tokens.add(new Token(Kind.WORD, text.substring(from, at)));
            }
        }
        tokens.add(new Token(Kind.END, ""));
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isSymbol(char c) {
        return switch (c) {
            case '=', '!', '(', ')', ',', '>', '<' -> true;
            default -> false;
        };
    }
}
