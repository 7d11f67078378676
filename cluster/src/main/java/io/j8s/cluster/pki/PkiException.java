package io.j8s.cluster.pki;

/// A certificate or key file cannot be used: the message names the file, what is wrong with it, and what to do.
public final class PkiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PkiException(String message) {
        super(message);
    }

    PkiException(String message, Throwable cause) {
        super(message, cause);
    }
}
