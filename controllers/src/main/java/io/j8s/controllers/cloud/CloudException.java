package io.j8s.controllers.cloud;

/// The cloud refused, or could not do it.
public final class CloudException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public CloudException(String message) {
        super(message);
    }
}
