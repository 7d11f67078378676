package io.j8s.store;

/// A write could not be made durable, or a remote store could not be reached.
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final boolean outcomeUnknown;

    /// @param outcomeUnknown whether the write may have happened all the same
    public StoreUnavailableException(String message, boolean outcomeUnknown, Throwable cause) {
        super(message, cause);
        this.outcomeUnknown = outcomeUnknown;
    }

    public boolean outcomeUnknown() {
        return outcomeUnknown;
    }
}
