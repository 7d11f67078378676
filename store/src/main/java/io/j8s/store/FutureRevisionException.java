package io.j8s.store;

/// A revision was asked for that has not been written yet.
public final class FutureRevisionException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FutureRevisionException(long asked, long newest) {
        super("revision " + asked + " is in the future; the newest one is " + newest);
    }
}
