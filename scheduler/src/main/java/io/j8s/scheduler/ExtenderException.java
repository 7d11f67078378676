package io.j8s.scheduler;

/// An extender could not be asked, or answered what cannot be.
final class ExtenderException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ExtenderException(String message) {
        super(message);
    }
}
