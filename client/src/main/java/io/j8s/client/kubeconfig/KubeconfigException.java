package io.j8s.client.kubeconfig;

import org.jspecify.annotations.Nullable;

/// A kubeconfig, or what it refers to, is missing, malformed or asks for something that is not supported. The message names the file and the entry.
public final class KubeconfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public KubeconfigException(String message) {
        this(message, null);
    }

    public KubeconfigException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
