package io.j8s.apiserver.admission.webhook;

/// A webhook that could not be asked, or did not answer as it must.
final class HookException extends Exception {
    private static final long serialVersionUID = 1;

    HookException(String message) {
        super(message);
    }
}
