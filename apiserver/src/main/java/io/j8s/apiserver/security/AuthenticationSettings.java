package io.j8s.apiserver.security;

import io.j8s.apiserver.authentication.RequestHeaders.Settings;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authentication.oidc.AnonymousAccess;
import io.j8s.apiserver.authentication.oidc.AuthenticationConfiguration;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountKeys;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How a server tells who asks. Immutable; `with…` answers a changed copy.
///
/// @param clientAuthorities whose client certificates are accepted (`--client-ca-file`); asked at each request, so that files can be exchanged
/// @param tokens users by fixed tokens (`--token-auth-file`, see [io.j8s.apiserver.authentication.TokenFile])
/// @param serviceAccounts keys and issuers of service-account tokens; null: no such tokens
/// @param bootstrapTokens whether new nodes may join by tokens that are kept in secrets (`--enable-bootstrap-token-auth`)
/// @param anonymous for which requests without credentials the user is `system:anonymous` (`--anonymous-auth`); a configuration that says so itself counts instead
/// @param proxy null: no proxy may name users in headers (`--requestheader-*`)
/// @param issuers of other tokens (`--oidc-*`, `--authentication-config`); asked at each request
/// @param webhook null: nobody else is asked about tokens
public record AuthenticationSettings(
        Supplier<List<X509Certificate>> clientAuthorities,
        Map<String, User> tokens,
        @Nullable ServiceAccountKeys serviceAccounts,
        boolean bootstrapTokens,
        AnonymousAccess anonymous,
        @Nullable Settings proxy,
        Supplier<AuthenticationConfiguration> issuers,
        @Nullable Webhook webhook) {

    /// Nobody is known yet but by bootstrap tokens.
    public static final AuthenticationSettings DEFAULT =
            new AuthenticationSettings(List::of, Map.of(), null, true, AnonymousAccess.EVERYWHERE, null, () -> AuthenticationConfiguration.NONE, null);

    /// A server that is asked with TokenReviews (`--authentication-token-webhook-*`).
    ///
    /// @param version of the reviews: `v1` or `v1beta1`
    /// @param life how long answers hold
    public record Webhook(Path kubeconfig, String version, Duration life) {}

    public AuthenticationSettings {
        tokens = Map.copyOf(tokens);
    }

    public AuthenticationSettings withClientAuthorities(Supplier<List<X509Certificate>> authorities) {
        return new AuthenticationSettings(authorities, tokens, serviceAccounts, bootstrapTokens, anonymous, proxy, issuers, webhook);
    }

    public AuthenticationSettings withTokens(Map<String, User> users) {
        return new AuthenticationSettings(clientAuthorities, users, serviceAccounts, bootstrapTokens, anonymous, proxy, issuers, webhook);
    }

    public AuthenticationSettings withServiceAccounts(ServiceAccountKeys keys) {
        return new AuthenticationSettings(clientAuthorities, tokens, keys, bootstrapTokens, anonymous, proxy, issuers, webhook);
    }

    public AuthenticationSettings withBootstrapTokens(boolean accepted) {
        return new AuthenticationSettings(clientAuthorities, tokens, serviceAccounts, accepted, anonymous, proxy, issuers, webhook);
    }

    public AuthenticationSettings withAnonymous(AnonymousAccess access) {
        return new AuthenticationSettings(clientAuthorities, tokens, serviceAccounts, bootstrapTokens, access, proxy, issuers, webhook);
    }

    public AuthenticationSettings withProxy(@Nullable Settings headers) {
        return new AuthenticationSettings(clientAuthorities, tokens, serviceAccounts, bootstrapTokens, anonymous, headers, issuers, webhook);
    }

    public AuthenticationSettings withIssuers(Supplier<AuthenticationConfiguration> configuration) {
        return new AuthenticationSettings(clientAuthorities, tokens, serviceAccounts, bootstrapTokens, anonymous, proxy, configuration, webhook);
    }

    public AuthenticationSettings withWebhook(@Nullable Webhook asked) {
        return new AuthenticationSettings(clientAuthorities, tokens, serviceAccounts, bootstrapTokens, anonymous, proxy, issuers, asked);
    }
}
