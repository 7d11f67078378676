package io.j8s.runtime;

/// A simulation cannot go on: its message has the seed, the time and what every task waits for.
public final class StalledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StalledException(String message) {
        super(message);
    }
}
