package io.j8s.apiserver.authentication.oidc;

/// A token of an issuer that we know which does not make a user. The message holds nothing secret of the token.
final class OidcException extends Exception {

    private static final long serialVersionUID = 1;

    OidcException(String message) {
        super("oidc: " + message);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
