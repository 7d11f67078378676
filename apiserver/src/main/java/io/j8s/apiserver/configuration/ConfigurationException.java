package io.j8s.apiserver.configuration;

/// A configuration that cannot be used. The message names the file or flag, the field, its value and what would be right.
public final class ConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }

    /// What is wrong.
    public String why() {
        return String.valueOf(getMessage());
    }
}
