package io.j8s.store;

/// A store's directory cannot be opened: it is in use by another process, was written by a newer version, or cannot be read at all. The message says what to do.
public final class StoreOpenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreOpenException(String message) {
        super(message);
    }

    public StoreOpenException(String message, Throwable cause) {
        super(message, cause);
    }
}
