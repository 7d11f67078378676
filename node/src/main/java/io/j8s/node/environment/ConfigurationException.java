package io.j8s.node.environment;

/// A container's configuration cannot be put together: something that it refers to is missing or wrong (reason `CreateContainerConfigError`).
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    public ConfigurationException(String message) {
        super(message);
    }
}
