package io.j8s.apiserver.authentication.token;

/// A token that is not well-formed, or is not (or no longer) valid. The message says why, and holds nothing of the token.
public final class JwtException extends Exception {
    private static final long serialVersionUID = 1;

    public JwtException(String message) {
        super(message);
    }
}
