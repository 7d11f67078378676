package io.j8s.apiserver.authentication;

import java.util.List;

/// Several kinds of tokens. Each authenticator answers [Authentication.None] to tokens that are not of its kind.
public record TokenChain(List<TokenAuthenticator> authenticators) implements TokenAuthenticator {

    public TokenChain {
        authenticators = List.copyOf(authenticators);
    }

    @Override
    public Authentication authenticate(String token, List<String> audiences) {
        Authentication outcome = Authentication.NONE;
        for (TokenAuthenticator authenticator : authenticators) {
            Authentication found = authenticator.authenticate(token, audiences);
            if (found instanceof Authentication.Known) {
                return found;
            }
            if (found instanceof Authentication.Failed) {
                outcome = found;
            }
        }
        return outcome;
    }
}
