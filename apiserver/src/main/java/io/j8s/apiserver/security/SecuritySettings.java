package io.j8s.apiserver.security;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authentication.oidc.AnonymousAccess;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountKeys;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// How a server is guarded. Immutable; `with…` answers a changed copy.
///
/// @param serverUrl the address under which clients outside reach the server; for issuer documents
public record SecuritySettings(AuthenticationSettings authentication, AuthorizationSettings authorization, AdmissionSettings admission, String serverUrl) {

    /// RBAC and the Node authorizer, default plugins and NodeRestriction; nobody is known yet.
    public static final SecuritySettings DEFAULT = new SecuritySettings(
            AuthenticationSettings.DEFAULT, AuthorizationSettings.DEFAULT, AdmissionSettings.DEFAULT, "https://kubernetes.default.svc");

    public SecuritySettings with(AuthenticationSettings settings) {
        return new SecuritySettings(settings, authorization, admission, serverUrl);
    }

    public SecuritySettings with(AuthorizationSettings settings) {
        return new SecuritySettings(authentication, settings, admission, serverUrl);
    }

    public SecuritySettings with(AdmissionSettings settings) {
        return new SecuritySettings(authentication, authorization, settings, serverUrl);
    }

    public SecuritySettings withClientAuthorities(Supplier<List<X509Certificate>> authorities) {
        return with(authentication.withClientAuthorities(authorities));
    }

    public SecuritySettings withTokens(Map<String, User> users) {
        return with(authentication.withTokens(users));
    }

    public SecuritySettings withServiceAccounts(ServiceAccountKeys keys) {
        return with(authentication.withServiceAccounts(keys));
    }

    public SecuritySettings withAnonymous(boolean allowed) {
        return with(authentication.withAnonymous(allowed ? AnonymousAccess.EVERYWHERE : AnonymousAccess.NOWHERE));
    }

    public SecuritySettings withAuthorizationModes(List<String> modes) {
        return with(AuthorizationSettings.of(modes.toArray(String[]::new)));
    }

    public SecuritySettings withPlugins(Set<String> enabled, Set<String> disabled) {
        return with(admission.withPlugins(enabled, disabled));
    }

    public SecuritySettings withServerUrl(String url) {
        return new SecuritySettings(authentication, authorization, admission, url);
    }
}
