package io.j8s.apiserver.authentication.oidc;

import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.TokenAuthenticator;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authentication.token.Jwt;
import io.j8s.apiserver.authentication.token.JwtException;
import io.j8s.http.EventLoops;
import io.j8s.runtime.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Users by tokens of the configured issuers. A changed configuration counts from the next token on; issuers that it does not change keep their keys.
public final class OidcTokens implements TokenAuthenticator, AutoCloseable {

    private final Supplier<AuthenticationConfiguration> configuration;
    private final EventLoops loops;
    private final Timeline timeline;
    private volatile Ready ready = new Ready(AuthenticationConfiguration.NONE, List.of());

    private record Ready(AuthenticationConfiguration of, List<IssuerTokens> issuers) {}

    /// @param configuration asked for each token; must be quick
    public OidcTokens(Supplier<AuthenticationConfiguration> configuration, EventLoops loops, Timeline timeline) {
        this.configuration = configuration;
        this.loops = loops;
        this.timeline = timeline;
    }

    @Override
    public Authentication authenticate(String token, List<String> audiences) {
        if (!Jwt.looksLike(token)) {
            return Authentication.NONE;
        }
        try {
            Jwt jwt = Jwt.parse(token);
            IssuerTokens issuer = issuer(jwt.issuer());
            if (issuer == null) {
                return Authentication.NONE;
            }
            User user = issuer.user(jwt);
            return new Authentication.Known(user, audiences);
        } catch (OidcException e) {
            return new Authentication.Failed(e.why());
        } catch (JwtException e) {
            return Authentication.NONE;
        }
    }

    private @Nullable IssuerTokens issuer(String url) {
        for (IssuerTokens one : current().issuers) {
            if (one.issuer().url().equals(url)) {
                return one;
            }
        }
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // a file that was not read again is the very same
    private Ready current() {
        AuthenticationConfiguration wanted = configuration.get();
        Ready known = ready;
        return known.of == wanted ? known : changed(wanted);
    }

    @SuppressWarnings("ReferenceEquality")
    private synchronized Ready changed(AuthenticationConfiguration wanted) {
        Ready before = ready;
        if (before.of == wanted) {
            return before;
        }
        List<IssuerTokens> dropped = new ArrayList<>(before.issuers);
        List<IssuerTokens> issuers = new ArrayList<>();
        for (JwtIssuer issuer : wanted.issuers()) {
            IssuerTokens same = dropped.stream().filter(one -> one.issuer().source().equals(issuer.source())).findFirst().orElse(null);
            dropped.remove(same);
            issuers.add(same == null ? new IssuerTokens(issuer, loops, timeline) : same);
        }
        Ready now = new Ready(wanted, List.copyOf(issuers));
        ready = now;
        dropped.forEach(IssuerTokens::close);
        return now;
    }

    @Override
    public void close() {
        ready.issuers.forEach(IssuerTokens::close);
    }
}
