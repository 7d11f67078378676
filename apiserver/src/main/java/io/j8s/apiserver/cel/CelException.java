package io.j8s.apiserver.cel;

/// An expression that does not compile, or fails while it is evaluated. The message is for the one who wrote the expression.
public final class CelException extends Exception {
    private static final long serialVersionUID = 1;

    public CelException(String message) {
        super(message);
    }

    /// The message, never null.
    public String why() {
        String message = getMessage();
        return message == null ? "the expression failed" : message;
    }
}
