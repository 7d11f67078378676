package io.j8s.apiserver.security;

import io.j8s.apiserver.authorization.webhook.AuthorizationConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who decides what users may do.
///
/// @param modes in order (`--authorization-mode`): `Node`, `RBAC`, `ABAC`, `Webhook`, `AlwaysAllow`, `AlwaysDeny`
/// @param policies the file of the mode `ABAC`; null without it
/// @param webhook of the mode `Webhook`; null without it
/// @param configuration takes the place of all others (`--authorization-config`); null: they count. Asked at each decision
public record AuthorizationSettings(
        List<String> modes, @Nullable Path policies, @Nullable Webhook webhook, @Nullable Supplier<AuthorizationConfiguration> configuration) {

    /// All modes that there are.
    public static final Set<String> MODES = Set.of("ABAC", "AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook");

    /// RBAC and the Node authorizer.
    public static final AuthorizationSettings DEFAULT = of("Node", "RBAC");

    /// A server that is asked with SubjectAccessReviews (`--authorization-webhook-*`).
    ///
    /// @param version of the reviews: `v1` or `v1beta1`
    /// @param allowedLife, refusedLife how long such answers hold
    public record Webhook(Path kubeconfig, String version, Duration allowedLife, Duration refusedLife) {}

    public AuthorizationSettings {
        modes = List.copyOf(modes);
    }

    public static AuthorizationSettings of(String... modes) {
        return new AuthorizationSettings(List.of(modes), null, null, null);
    }
}
