package io.j8s.model.patch;

/// A patch that cannot be applied. The message names the place and what would be right.
public final class PatchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What is wrong, and so how the API server answers.
    public enum Kind {
        /// The patch itself is malformed: 400.
        MALFORMED,
        /// The patch does not fit the object: 422 without causes.
        NOT_APPLICABLE,
        /// A JSON patch tests for what is not so: answered like the former.
        TEST_FAILED,
        /// The patched object is not of its type: 422 with the cause `FieldValueInvalid` at `patch`.
        INVALID_RESULT,
        /// A text of the patched object is not in the form that its type wants (a quantity, a time, base64): answered like the former.
        INVALID_FORM,
        /// The patched object does not say its version: 400, or like the former two where everything unknown is refused.
        NO_VERSION,
        /// More operations than allowed: 413.
        TOO_LARGE
    }

    private final Kind kind;

    public PatchException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
