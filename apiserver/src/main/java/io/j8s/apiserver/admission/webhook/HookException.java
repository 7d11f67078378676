package io.j8s.apiserver.admission.webhook;

/// A webhook that could not be asked, or did not answer as it must.
final class HookException extends Exception {

    private static final long serialVersionUID = 1;

    HookException(String message) {
        super(message);
    }

    /// It could not be asked, or what it sent back cannot be read.
    static HookException uncalled(String why) {
        return new HookException("failed to call webhook: " + why);
    }

    /// It answered, but not as the protocol asks.
    static HookException invalid(String why) {
        return new HookException("received invalid webhook response: " + why);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
