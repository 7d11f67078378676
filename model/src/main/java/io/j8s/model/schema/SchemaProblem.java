package io.j8s.model.schema;

/// One way in which an object breaks its schema.
///
/// @param field such as `spec.list[0].name`; `<nil>` for what upstream reports without a field (conditions that combine schemas, ranges of formats)
/// @param value the value, plain JSON
/// @param detail what would be right
public record SchemaProblem(Reason reason, String field, Object value, String detail) {

    /// The reason of the cause in the answer.
    public enum Reason {
        INVALID("FieldValueInvalid"),
        TYPE_INVALID("FieldValueTypeInvalid"),
        REQUIRED("FieldValueRequired"),
        NOT_SUPPORTED("FieldValueNotSupported"),
        TOO_LONG("FieldValueTooLong"),
        TOO_MANY("FieldValueTooMany"),
        DUPLICATE("FieldValueDuplicate");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// The field of what upstream reports without one.
    public static final String NO_FIELD = "<nil>";
}
