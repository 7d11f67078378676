package io.j8s.scheduler.devices;

/// Devices could not be looked for: something that a claim refers to is missing or wrong.
final class AllocationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean ofTheNode;

    AllocationException(String message) {
        this(message, false);
    }

    /// @param ofTheNode whether it is so on one node only
    AllocationException(String message, boolean ofTheNode) {
        super(message, null, false, false);
        this.ofTheNode = ofTheNode;
    }

    boolean ofTheNode() {
        return ofTheNode;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
