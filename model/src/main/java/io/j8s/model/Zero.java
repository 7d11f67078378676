package io.j8s.model;

import java.time.Duration;
import java.time.Instant;

/// What a value is when nothing is said of it.
final class Zero {

    private Zero() {}

    static Object of(Shape.Scalar scalar) {
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
