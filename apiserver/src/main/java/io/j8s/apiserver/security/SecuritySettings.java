package io.j8s.apiserver.security;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountKeys;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How a server is guarded. Immutable; `with…` answers a changed copy.
///
/// @param clientAuthorities whose client certificates are accepted (`--client-ca-file`); asked at each request, so that files can be exchanged
/// @param tokens users by fixed tokens (`--token-auth-file`, see [io.j8s.apiserver.authentication.TokenFile])
/// @param serviceAccounts keys and issuers of service-account tokens; null: no such tokens
/// @param anonymous whether requests without credentials are those of `system:anonymous` (`--anonymous-auth`)
/// @param authorizationModes in order (`--authorization-mode`): `Node`, `RBAC`, `AlwaysAllow`, `AlwaysDeny`
/// @param enabledPlugins besides the default ones (`--enable-admission-plugins`)
/// @param disabledPlugins of the default ones (`--disable-admission-plugins`)
/// @param serverUrl the address under which clients outside reach the server; for issuer documents
public record SecuritySettings(
        Supplier<List<X509Certificate>> clientAuthorities,
        Map<String, User> tokens,
        @Nullable ServiceAccountKeys serviceAccounts,
        boolean anonymous,
        List<String> authorizationModes,
        Set<String> enabledPlugins,
        Set<String> disabledPlugins,
        String serverUrl) {

    /// RBAC and the Node authorizer, default plugins and NodeRestriction; nobody is known yet.
    public static final SecuritySettings DEFAULT = new SecuritySettings(
            List::of, Map.of(), null, true, List.of("Node", "RBAC"), Set.of("NodeRestriction"), Set.of(), "https://kubernetes.default.svc");

    public SecuritySettings {
        tokens = Map.copyOf(tokens);
        authorizationModes = List.copyOf(authorizationModes);
        enabledPlugins = Set.copyOf(enabledPlugins);
        disabledPlugins = Set.copyOf(disabledPlugins);
    }

    public SecuritySettings withClientAuthorities(Supplier<List<X509Certificate>> authorities) {
        return new SecuritySettings(authorities, tokens, serviceAccounts, anonymous, authorizationModes, enabledPlugins, disabledPlugins, serverUrl);
    }

    public SecuritySettings withTokens(Map<String, User> users) {
        return new SecuritySettings(clientAuthorities, users, serviceAccounts, anonymous, authorizationModes, enabledPlugins, disabledPlugins, serverUrl);
    }

    public SecuritySettings withServiceAccounts(ServiceAccountKeys keys) {
        return new SecuritySettings(clientAuthorities, tokens, keys, anonymous, authorizationModes, enabledPlugins, disabledPlugins, serverUrl);
    }

    public SecuritySettings withAnonymous(boolean allowed) {
        return new SecuritySettings(clientAuthorities, tokens, serviceAccounts, allowed, authorizationModes, enabledPlugins, disabledPlugins, serverUrl);
    }

    public SecuritySettings withAuthorizationModes(List<String> modes) {
        return new SecuritySettings(clientAuthorities, tokens, serviceAccounts, anonymous, modes, enabledPlugins, disabledPlugins, serverUrl);
    }

    public SecuritySettings withPlugins(Set<String> enabled, Set<String> disabled) {
        return new SecuritySettings(clientAuthorities, tokens, serviceAccounts, anonymous, authorizationModes, enabled, disabled, serverUrl);
    }

    public SecuritySettings withServerUrl(String url) {
        return new SecuritySettings(clientAuthorities, tokens, serviceAccounts, anonymous, authorizationModes, enabledPlugins, disabledPlugins, url);
    }
}
