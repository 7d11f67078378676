package io.j8s.cluster.command;

import io.j8s.apiserver.authentication.oidc.AnonymousAccess;
import io.j8s.apiserver.authentication.oidc.AuthenticationConfiguration;
import io.j8s.apiserver.authentication.webhook.WebhookTokens;
import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.configuration.WatchedFile;
import io.j8s.apiserver.security.AuthenticationSettings;
import io.j8s.cluster.server.StaticTokens;
import io.j8s.http.Pem;
import io.j8s.runtime.Timeline;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Upstream's flags of how the server tells who asks.
final class AuthenticationOptions {

    @Mixin
    private OidcOptions oidc = new OidcOptions();
    @Mixin
    private RequestHeaderOptions proxy = new RequestHeaderOptions();

    @Option(names = "--client-ca-file", paramLabel = "FILE", description = "The authorities that sign clients; read again when it changes (default: the one in --cert-dir).")
    private @Nullable Path clientCaFile;
    @Option(names = "--token-auth-file", paramLabel = "FILE", description = "Bearer tokens: lines of token,user,uid,\"group,group\".")
    private @Nullable Path tokenAuthFile;
    @Option(names = "--basic-auth-file", paramLabel = "FILE", description = "Refused: v1.19 removed it.", hidden = true)
    private @Nullable Path basicAuthFile;
    @Option(names = "--anonymous-auth", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", description = "Whether requests without credentials are system:anonymous's (default: true).")
    private @Nullable Boolean anonymous;
    @Option(names = "--enable-bootstrap-token-auth", paramLabel = "BOOLEAN", arity = "0..1", fallbackValue = "true", defaultValue = "false", description = "Whether nodes may join by tokens in secrets of kube-system (default: ${DEFAULT-VALUE}).")
    private boolean bootstrapTokens;
    @Option(names = "--authentication-config", paramLabel = "FILE", description = "An AuthenticationConfiguration: issuers of tokens, and anonymous access; read again when it changes.")
    private @Nullable Path config;
    @Option(names = "--authentication-token-webhook-config-file", paramLabel = "FILE", description = "A kubeconfig of a server that is asked whom tokens stand for.")
    private @Nullable Path webhook;
    @Option(names = "--authentication-token-webhook-version", paramLabel = "VERSION", description = "The version of the TokenReviews that it is sent: v1 or v1beta1 (default: ${DEFAULT-VALUE}).", defaultValue = "v1beta1")
    private String webhookVersion = "v1beta1";
    @Option(names = "--authentication-token-webhook-cache-ttl", paramLabel = "DURATION", description = "How long its answers hold (default: ${DEFAULT-VALUE}).", defaultValue = "2m0s", converter = GoDuration.class)
    private Duration webhookLife = Duration.ofMinutes(2);
    @Option(names = "--service-account-issuer", paramLabel = "URL", description = "Who issues service-account tokens; may be repeated: the first one signs, all are accepted (default: https://kubernetes.default.svc).")
    private List<String> issuers = new ArrayList<>();

    List<String> issuers() {
        List<String> given = issuers.isEmpty() ? List.of("https://kubernetes.default.svc") : List.copyOf(issuers);
        for (String issuer : given) {
            if (issuer.isEmpty()) {
                throw new ConfigurationException("service-account-issuer should not be an empty string");
            }
            if (issuer.contains(":")) {
                checkUrl(issuer);
            }
        }
        if (new HashSet<>(given).size() < given.size()) {
            throw new ConfigurationException("service-account-issuer \"" + given.stream().filter(one -> java.util.Collections.frequency(given, one) > 1).findFirst().orElse("")
                    + "\" is already specified");
        }
        return given;
    }

    private static void checkUrl(String issuer) {
        try {
            URI.create(issuer);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("service-account-issuer \"" + issuer + "\" contained a ':' but was not a valid URL: " + e.getMessage(), e);
        }
    }

    AuthenticationSettings complete(AuthenticationSettings base, Timeline timeline) {
        if (basicAuthFile != null) {
            throw new ConfigurationException("--basic-auth-file: static passwords were removed in v1.19; use --token-auth-file for static tokens, client certificates (--client-ca-file), "
                    + "service-account tokens, or OpenID Connect (--oidc-issuer-url, --authentication-config)");
        }
        Path tokens = tokenAuthFile;
        Path authorities = clientCaFile;
        Supplier<List<X509Certificate>> clients = authorities == null
                ? base.clientAuthorities()
                : new WatchedFile<>(authorities, "--client-ca-file", bytes -> Pem.certificates(new String(bytes, StandardCharsets.UTF_8)), timeline);
        AuthenticationSettings settings = base.withClientAuthorities(clients).withBootstrapTokens(bootstrapTokens).withProxy(proxy.settings(timeline)).withWebhook(asked())
                .withIssuers(configuration(timeline)).withAnonymous(anonymous == null || anonymous ? AnonymousAccess.EVERYWHERE : AnonymousAccess.NOWHERE);
        return tokens == null ? settings : settings.withTokens(StaticTokens.read(tokens));
    }

    private AuthenticationSettings.@Nullable Webhook asked() {
        Path kubeconfig = webhook;
        if (kubeconfig == null) {
            return null;
        }
        checkVersion("--authentication-token-webhook-version", webhookVersion, WebhookTokens.VERSIONS);
        return new AuthenticationSettings.Webhook(kubeconfig, webhookVersion, webhookLife);
    }

    static void checkVersion(String flag, String version, Set<String> supported) {
        if (!supported.contains(version)) {
            throw new ConfigurationException(flag + ": unsupported webhook authenticator version \"" + version + "\"; supported versions are \"v1\", \"v1beta1\"");
        }
    }

    private Supplier<AuthenticationConfiguration> configuration(Timeline timeline) {
        Path file = config;
        if (file == null) {
            AuthenticationConfiguration byFlags = oidc.given() ? oidc.configuration(issuers()) : AuthenticationConfiguration.NONE;
            return () -> byFlags;
        }
        List<String> own = issuers();
        WatchedFile<AuthenticationConfiguration> watched = new WatchedFile<>(file, "--authentication-config", bytes -> AuthenticationConfiguration.parse(bytes, own), timeline);
        AuthenticationConfiguration first = watched.get();
        if (oidc.given() && !first.issuers().isEmpty()) {
            throw new ConfigurationException("authentication-config file and oidc-* flags are mutually exclusive");
        }
        if (anonymous != null && first.anonymous() != null) {
            throw new ConfigurationException("--anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file");
        }
        if (oidc.given()) {
            AuthenticationConfiguration byFlags = oidc.configuration(own);
            return () -> new AuthenticationConfiguration(byFlags.issuers(), watched.get().anonymous());
        }
        return watched;
    }
}
