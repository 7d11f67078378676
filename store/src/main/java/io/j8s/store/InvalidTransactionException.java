package io.j8s.store;

/// A transaction that no state of the store could make possible: a key is empty, or is written twice.
public final class InvalidTransactionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public InvalidTransactionException(String message) {
        super(message);
    }
}
