package io.j8s.apiserver.status;

import org.jspecify.annotations.Nullable;

/// What is wrong with one field: becomes a cause in a Status.
///
/// @param field where, as text
/// @param value the offending value as text; null where the kind shows none
public record FieldError(Kind kind, String field, @Nullable String value, String detail) {

    /// The kinds of the API (`reason` of a cause), with the words that open their message.
    public enum Kind {
        INVALID("FieldValueInvalid", "Invalid value", true),
        REQUIRED("FieldValueRequired", "Required value", false),
        NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value", true),
        DUPLICATE("FieldValueDuplicate", "Duplicate value", true),
        FORBIDDEN("FieldValueForbidden", "Forbidden", false),
        NOT_FOUND("FieldValueNotFound", "Not found", true),
        TOO_LONG("FieldValueTooLong", "Too long", false),
        TOO_MANY("FieldValueTooMany", "Too many", true),
        TYPE_INVALID("FieldValueTypeInvalid", "Invalid value", true),
        INTERNAL("InternalError", "Internal error", false);

        private final String reason;
        private final String words;
        private final boolean showsValue;

        Kind(String reason, String words, boolean showsValue) {
            this.reason = reason;
            this.words = words;
            this.showsValue = showsValue;
        }

        public String reason() {
            return reason;
        }
    }

    /// The cause's message: `Invalid value: "x": must be …`.
    public String message() {
        StringBuilder text = new StringBuilder(kind.words);
        if (kind.showsValue && value != null) {
            text.append(": ").append(value);
        }
        if (!detail.isEmpty()) {
            text.append(": ").append(detail);
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return field + ": " + message();
    }
}
