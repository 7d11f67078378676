package io.j8s.node.cri;

import io.grpc.Status;
import java.util.Locale;

/// The container runtime refused a call or could not be reached. The message is in the form that scripts know from `kubectl describe`.
public final class CriException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Status.Code code;

    CriException(Status status, Throwable cause) {
        super(message(status), cause);
        this.code = status.getCode();
    }

    /// There is no such sandbox, container or image.
    public boolean isNotFound() {
        return code == Status.Code.NOT_FOUND;
    }

    /// The runtime is not there (stopped, or not started yet).
    public boolean isUnavailable() {
        return code == Status.Code.UNAVAILABLE;
    }

    /// The call took longer than it was given.
    public boolean isTimeout() {
        return code == Status.Code.DEADLINE_EXCEEDED;
    }

    /// The calling thread was interrupted, which broke the call off.
    public boolean isCancelled() {
        return code == Status.Code.CANCELLED;
    }

    private static String message(Status status) {
        String description = status.getDescription();
        return "rpc error: code = " + camelCase(status.getCode().name()) + " desc = " + (description == null ? "" : description);
    }

    private static String camelCase(String upper) {
        StringBuilder name = new StringBuilder();
        for (String word : upper.split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }
}
