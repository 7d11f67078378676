package io.j8s.model;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What a value is when nothing is said of it.
final class Zero {

    private Zero() {}

    static Object of(Shape shape) {
        return switch (shape) {
            case Shape.Message message -> message.type().empty();
            case Shape.ListOf list -> List.of();
            case Shape.MapOf map -> CompactMap.empty();
            case Shape.Scalar scalar -> scalar(scalar);
        };
    }

    private static Object scalar(Shape.Scalar scalar) {
        return switch (scalar) {
            case STRING -> "";
            case BOOL -> false;
            case INT32 -> 0;
            case INT64 -> 0L;
            case DOUBLE -> 0.0;
            case BYTES -> Bytes.EMPTY;
            case QUANTITY -> Quantity.ZERO;
            case TIME, MICRO_TIME -> Instant.EPOCH;
            case INT_OR_STRING -> IntOrString.of(0);
            case DURATION -> Duration.ZERO;
            case JSON -> JsonNull.NULL;
            case RAW -> RawObject.ofJson("null");
            case FIELDS -> FieldSet.ofJson("{}");
        };
    }
}
