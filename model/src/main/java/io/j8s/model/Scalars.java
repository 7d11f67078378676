package io.j8s.model;

/// Reads the scalars that are texts in JSON and YAML.
final class Scalars {

    private Scalars() {}

    /// @throws IllegalArgumentException when the text is none
    static Object parse(Shape.Scalar scalar, String text) {
        return switch (scalar) {
            case BYTES -> Bytes.ofBase64(text);
            case TIME -> Times.parse(text);
            case MICRO_TIME -> Times.parseMicro(text);
            case DURATION -> Durations.parse(text);
            case QUANTITY -> Quantity.parse(text);
            case STRING -> text;
            case BOOL, INT32, INT64, DOUBLE, INT_OR_STRING, JSON, RAW, FIELDS ->
                throw new IllegalArgumentException("a " + scalar + " is not written as text");
        };
    }
}
