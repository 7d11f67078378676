package io.j8s.model;

import org.jspecify.annotations.Nullable;

/// A number or a text: a port or its name, a count or a percentage.
public sealed interface IntOrString {

    record Int(int value) implements IntOrString {
        @Override
        public String toString() {
            return Integer.toString(value);
        }
    }

    record Text(String value) implements IntOrString {
        @Override
        public String toString() {
            return value;
        }
    }

    static IntOrString of(int value) {
        return new Int(value);
    }

    static IntOrString of(String value) {
        return new Text(value);
    }

    /// A number where the text is one, else the text.
    static IntOrString parse(String text) {
        try {
            return new Int(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return new Text(text);
        }
    }

    /// The number, or what the text says as one; 0 when it says none.
    default int intValue() {
        return switch (this) {
            case Int number -> number.value();
            case Text text -> {
                try {
                    yield Integer.parseInt(text.value());
                } catch (NumberFormatException e) {
                    yield 0;
                }
            }
        };
    }

    /// The percentage that a text such as `25%` gives, or null when it is none.
    default @Nullable Integer percent() {
        if (this instanceof Text text && text.value().endsWith("%")) {
            try {
                return Integer.valueOf(text.value().substring(0, text.value().length() - 1));
            } catch (NumberFormatException e) {
                return null;
            }
        }
        return null;
    }

    /// A number as it is, a percentage of `total`, rounded up or down.
    ///
    /// @throws IllegalArgumentException for a text that is no percentage
    default int scaled(int total, boolean roundUp) {
        if (this instanceof Int number) {
            return number.value();
        }
        Integer percent = percent();
        if (percent == null) {
            throw new IllegalArgumentException("invalid value \"" + this + "\": must be a whole number or a percentage such as 25%");
        }
        long product = (long) percent * total;
        return Math.toIntExact(roundUp ? Math.ceilDiv(product, 100) : Math.floorDiv(product, 100));
    }
}
