package io.j8s.scheduler.devices;

/// Devices could not be looked for: something that a claim refers to is missing or wrong.
final class AllocationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final String TIMED_OUT = "timed out trying to allocate devices";

    private final boolean ofTheNode;

    AllocationException(String message) {
        this(message, false);
    }

    /// @param ofTheNode whether it is so on one node only
    AllocationException(String message, boolean ofTheNode) {
        super(message, null, false, false);
        this.ofTheNode = ofTheNode;
    }

    /// The search took longer than it may (KEP-4381, `filterTimeout`).
    static AllocationException timeout() {
        return new AllocationException(TIMED_OUT, true);
    }

    boolean timedOut() {
        return reason().equals(TIMED_OUT);
    }

    boolean ofTheNode() {
        return ofTheNode;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
