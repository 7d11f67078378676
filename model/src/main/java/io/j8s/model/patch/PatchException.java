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
        /// The patched object is not of its type: 422 with the cause `FieldValueInvalid` at `patch`.
        INVALID_RESULT,
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
