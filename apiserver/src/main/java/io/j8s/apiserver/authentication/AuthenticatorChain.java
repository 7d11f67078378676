package io.j8s.apiserver.authentication;

import io.j8s.http.Exchange;
import java.util.List;
import java.util.function.Predicate;

/// Several authenticators, asked in order. The first that knows the user decides; if none does but one found its credential wrong, the request is refused. Users who are
/// known are in the group `system:authenticated`.
public final class AuthenticatorChain implements Authenticator {

    private final List<Authenticator> authenticators;
    private final Predicate<Exchange> anonymousAllowed;

    /// @param anonymousAllowed whether a request without any credential is one of the anonymous user; if not, it is refused
    public AuthenticatorChain(List<Authenticator> authenticators, Predicate<Exchange> anonymousAllowed) {
        this.authenticators = List.copyOf(authenticators);
        this.anonymousAllowed = anonymousAllowed;
    }

    @Override
    public Authentication authenticate(Exchange exchange) {
        Authentication.Failed failed = null;
        for (Authenticator authenticator : authenticators) {
            switch (authenticator.authenticate(exchange)) {
                case Authentication.Known(User user, List<String> audiences) -> {
                    return new Authentication.Known(inStandardGroup(user), audiences);
                }
                case Authentication.Failed wrong -> failed = wrong;
                case Authentication.None _ -> { }
            }
        }
        if (failed != null) {
            return failed;
        }
        return anonymousAllowed.test(exchange) ? new Authentication.Known(User.ANONYMOUS) : Authentication.NONE;
    }

    static User inStandardGroup(User user) {
        return user.name().equals(User.ANONYMOUS_NAME) || user.in(User.UNAUTHENTICATED) ? user : user.withGroup(User.AUTHENTICATED);
    }
}
