package io.j8s.model;

/// Reads the scalars that are texts in JSON and YAML.
final class Scalars {

    private Scalars() {}

    /// @throws IllegalArgumentException when the text is none
    static Object parse(Shape.Scalar scalar, String text) {
        return switch (scalar) {
            case BYTES -> base64(text);
            case TIME -> Times.parse(text);
            case MICRO_TIME -> Times.parseMicro(text);
            case DURATION -> Durations.parse(text);
            case QUANTITY -> Quantity.parse(text);
            case STRING -> text;
            case BOOL, INT32, INT64, DOUBLE, INT_OR_STRING, JSON, RAW, FIELDS ->
                throw new IllegalArgumentException("a " + scalar + " is not written as text");
        };
    }

    private static Bytes base64(String text) {
        String joined = text.indexOf('\n') < 0 && text.indexOf('\r') < 0 ? text : text.replace("\n", "").replace("\r", "");
        if (joined.length() % 4 != 0) {
            throw new IllegalArgumentException("not base64: its length is no multiple of four (padding with = is needed)");
        }
        try {
            return Bytes.ofBase64(joined);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not base64: " + e.getMessage(), e);
        }
    }
}
