package io.j8s.client;

/// The server refused, or could not be reached.
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int code;
    private final String reason;
    private final transient io.j8s.model.Struct status;

    /// @param code the HTTP status
    /// @param reason the machine-readable reason, such as `NotFound`; may be empty
    /// @param status the whole Status object
    public ApiException(int code, String reason, String message, io.j8s.model.Struct status) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.status = status;
    }

    public int code() {
        return code;
    }

    public String reason() {
        return reason;
    }

    /// The Status (`io.j8s.model.meta.v1.Status`) with its details and causes.
    public io.j8s.model.Struct status() {
        return status;
    }

    public boolean isNotFound() {
        return code == 404;
    }

    public boolean isConflict() {
        return code == 409 && reason.equals("Conflict");
    }

    public boolean alreadyExists() {
        return code == 409 && reason.equals("AlreadyExists");
    }

    /// The revision that was asked for is gone: list again.
    public boolean isExpired() {
        return code == 410;
    }
}
