package io.j8s.scheduler.config;

/// A configuration that cannot be used. The message names the field, what it holds, and what would be right.
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConfigurationException(String message) {
        super(message);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
