package io.j8s.model;

import java.util.function.Supplier;

/// What the value of a field looks like, and which Java type holds it in a [Struct].
public sealed interface Shape {

    /// Single values. The Java type of each is in its comment.
    enum Scalar implements Shape {
        /// `String`
        STRING,
        /// `Boolean`
        BOOL,
        /// `Integer`
        INT32,
        /// `Long`
        INT64,
        /// `Double`
        DOUBLE,
        /// [Bytes]; base64 in JSON
        BYTES,
        /// [Quantity]
        QUANTITY,
        /// `java.time.Instant`, whole seconds (metav1.Time)
        TIME,
        /// `java.time.Instant`, microseconds (metav1.MicroTime)
        MICRO_TIME,
        /// [IntOrString]
        INT_OR_STRING,
        /// `java.time.Duration` (metav1.Duration)
        DURATION,
        /// Any JSON value as plain Java: `String`, `Boolean`, `Long`, `Double`, `java.math.BigInteger`, `java.util.List`, `java.util.Map` (ordered), [JsonNull].
        /// Used for JSON, JSONSchemaPropsOrBool and its like, and for what a custom resource preserves unknown.
        JSON,
        /// [RawObject]: an embedded object kept as it came (runtime.RawExtension)
        RAW,
        /// [FieldSet]: the fields that a manager owns (metav1.FieldsV1)
        FIELDS
    }

    /// A [Struct] of a type. Held by a supplier because types refer to each other in circles.
    record Message(Supplier<Type> supplier) implements Shape {
        public Type type() {
            return supplier.get();
        }
    }

    /// `java.util.List`, immutable
    record ListOf(Shape element) implements Shape {}

    /// `java.util.Map` from `String`, immutable, in the order it was written
    record MapOf(Shape value) implements Shape {}
}
