package io.j8s.apiserver.authentication;

import java.util.List;

/// Gives tokens that name no audience (static ones, bootstrap tokens) those of the server.
///
/// @param own the audiences of the server
public record ServerAudiences(TokenAuthenticator tokens, List<String> own) implements TokenAuthenticator {

    public ServerAudiences {
        own = List.copyOf(own);
    }

    @Override
    public Authentication authenticate(String token, List<String> audiences) {
        List<String> wanted = audiences.isEmpty() ? own : audiences;
        List<String> shared = wanted.stream().filter(own::contains).toList();
        if (shared.isEmpty() && !wanted.isEmpty()) {
            return Authentication.NONE;
        }
        Authentication found = tokens.authenticate(token, audiences);
        return found instanceof Authentication.Known(User user, List<String> none) ? new Authentication.Known(user, shared) : found;
    }
}
