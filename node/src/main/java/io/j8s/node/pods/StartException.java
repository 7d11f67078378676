package io.j8s.node.pods;

import java.time.Instant;

/// A container could not be started.
final class StartException extends Exception {
    private static final long serialVersionUID = 1;
    private final String reason;
    private final Instant retryAt;

    /// @param reason as in `state.waiting.reason`
    StartException(String reason, String message, Instant retryAt) {
        super(message);
        this.reason = reason;
        this.retryAt = retryAt;
    }

    String reason() {
        return reason;
    }

    Instant retryAt() {
        return retryAt;
    }
}
