package io.j8s.apiserver.authentication;

import java.util.List;

/// Tells the user of a bearer token: static files, service-account tokens, bootstrap tokens, OIDC, webhooks. Also asked by TokenReview. May block.
@FunctionalInterface
public interface TokenAuthenticator {

    /// @param audiences those of which the token must have one; empty: the server's own
    Authentication authenticate(String token, List<String> audiences);
}
