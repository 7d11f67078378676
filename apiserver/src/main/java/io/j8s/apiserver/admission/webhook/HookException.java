package io.j8s.apiserver.admission.webhook;

/// A webhook that could not be asked, or did not answer as it must.
final class HookException extends Exception {

    private static final long serialVersionUID = 1;

    private static final int UNAVAILABLE = 503;

    private final int status;

    HookException(String message) {
        this(message, UNAVAILABLE);
    }

    private HookException(String message, int status) {
        super(message);
        this.status = status;
    }

    /// It could not be asked, or what it sent back cannot be read.
    static HookException uncalled(String why) {
        return new HookException("failed to call webhook: " + why);
    }

    /// It answered with another status than it should.
    static HookException uncalled(String why, int status) {
        return new HookException("failed to call webhook: " + why, status == 0 ? UNAVAILABLE : status);
    }

    /// The HTTP status that stands for the failure.
    int status() {
        return status;
    }

    /// It answered, but not as the protocol asks.
    static HookException invalid(String why) {
        return new HookException("received invalid webhook response: " + why);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
