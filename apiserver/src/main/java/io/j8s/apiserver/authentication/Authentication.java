package io.j8s.apiserver.authentication;

import java.util.List;

/// How an attempt to tell a user went.
public sealed interface Authentication {

    /// @param audiences those of the token that the server shares; empty when the credential knows none
    record Known(User user, List<String> audiences) implements Authentication {
        public Known(User user) {
            this(user, List.of());
        }
    }

    /// There was no credential of this kind.
    record None() implements Authentication {}

    /// There was a credential, and it is not valid: the request is refused with 401, unless another authenticator knows the user.
    record Failed(String why) implements Authentication {}

    None NONE = new None();
}
