package io.j8s.scheduler.devices;

/// Devices could not be looked for: something that a claim refers to is missing or wrong.
final class AllocationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    AllocationException(String message) {
        super(message, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
