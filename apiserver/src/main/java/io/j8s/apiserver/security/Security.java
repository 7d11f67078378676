package io.j8s.apiserver.security;

import io.j8s.apiserver.Foundation;
import io.j8s.apiserver.Guards;
import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.webhook.HookCaller;
import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.Authenticator;
import io.j8s.apiserver.authentication.AuthenticatorChain;
import io.j8s.apiserver.authentication.BearerTokens;
import io.j8s.apiserver.authentication.BootstrapTokens;
import io.j8s.apiserver.authentication.ClientCertificates;
import io.j8s.apiserver.authentication.RequestHeaders;
import io.j8s.apiserver.authentication.ServerAudiences;
import io.j8s.apiserver.authentication.TokenAuthenticator;
import io.j8s.apiserver.authentication.TokenChain;
import io.j8s.apiserver.authentication.TokenFile;
import io.j8s.apiserver.authentication.oidc.AnonymousAccess;
import io.j8s.apiserver.authentication.oidc.OidcTokens;
import io.j8s.apiserver.authentication.review.AuthenticationReviews;
import io.j8s.apiserver.authentication.serviceaccount.IssuerDocuments;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountKeys;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountTokens;
import io.j8s.apiserver.authentication.serviceaccount.TokenRequests;
import io.j8s.apiserver.authentication.token.SigningKey;
import io.j8s.apiserver.authentication.webhook.WebhookTokens;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.FixedAuthorizer;
import io.j8s.apiserver.authorization.SystemMasters;
import io.j8s.apiserver.authorization.abac.AbacAuthorizer;
import io.j8s.apiserver.authorization.node.NodeAuthorizer;
import io.j8s.apiserver.authorization.rbac.EscalationCheck;
import io.j8s.apiserver.authorization.rbac.RbacAuthorizer;
import io.j8s.apiserver.authorization.review.AccessReviews;
import io.j8s.apiserver.authorization.webhook.AuthorizationConfiguration;
import io.j8s.apiserver.authorization.webhook.ConfiguredAuthorizer;
import io.j8s.apiserver.authorization.webhook.WebhookAuthorizer;
import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.remote.ReviewClient;
import io.j8s.apiserver.metrics.AdmissionMetrics;
import io.j8s.apiserver.metrics.TokenCacheMetrics;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.serve.Paths;
import io.j8s.http.Headers;
import io.j8s.model.core.v1.ServiceAccount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The guards of a server, in the order in which they are built: authorizers, tokens, authenticators, admission plugins, the resources that answer from them.
public final class Security {

    private static final Logger LOG = LoggerFactory.getLogger(Security.class);
    private static final Duration ASK_WITHIN = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;

    private final SecuritySettings settings;
    private final Foundation foundation;
    private final RbacAuthorizer rbac;
    private final List<AutoCloseable> open = new ArrayList<>();

    private Security(SecuritySettings settings, Foundation foundation) {
        this.settings = settings;
        this.foundation = foundation;
        this.rbac = new RbacAuthorizer(foundation.state());
    }

    /// What makes the guards by these settings.
    public static Function<Foundation, Guards> by(SecuritySettings settings) {
        return foundation -> new Security(settings, foundation).guards();
    }

    private Guards guards() {
        Authorizer authorizer = authorizer();
        TokenAuthenticator tokens = tokens();
        HookCaller webhooks = kept(new HookCaller(foundation.state(), foundation.loops(), foundation.timeline(), foundation.metrics()));
        List<AdmissionPlugin> plugins = new ArrayList<>();
        plugins.add(new EscalationCheck(rbac, authorizer));
        plugins.addAll(new AdmissionPlugins(foundation, authorizer, webhooks, settings.admission()).chosen());
        return new Guards(authenticator(tokens), authorizer, new Admission(plugins, new AdmissionMetrics(foundation.metrics(), foundation.timeline())), resources(tokens, authorizer), this::paths, this::close);
    }

    /// To be closed at the end.
    private <T extends AutoCloseable> T kept(T resource) {
        open.add(resource);
        return resource;
    }

    private void close() {
        for (AutoCloseable resource : open.reversed()) {
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn("{} cannot be closed", resource, e);
            }
        }
    }

    private Authorizer authorizer() {
        AuthorizationSettings given = settings.authorization();
        Supplier<AuthorizationConfiguration> configuration = given.configuration();
        if (configuration != null) {
            Set<String> types = new HashSet<>();
            configuration.get().authorizers().forEach(entry -> types.add(entry.type()));
            return kept(new ConfiguredAuthorizer(configuration, entry -> builtIn(entry.type(), types), this::webhook));
        }
        List<Authorizer> chain = new ArrayList<>();
        chain.add(new SystemMasters());
        Set<String> modes = Set.copyOf(given.modes());
        for (String mode : given.modes()) {
            chain.add(mode.equals("Webhook") ? webhook(given) : builtIn(mode, modes));
        }
        return Authorizer.chain(chain);
    }

    /// @param initial the types that the server was started with: others need files or state that it does not have
    private Authorizer builtIn(String type, Set<String> initial) {
        if (!initial.contains(type)) {
            throw new ConfigurationException("authorizer type " + type + " is not allowed if it was not enabled at initial server startup");
        }
        return switch (type) {
            case "Node" -> new NodeAuthorizer(foundation.state());
            case "RBAC" -> rbac;
            case "ABAC" -> abac();
            case "AlwaysAllow" -> FixedAuthorizer.ALWAYS_ALLOW;
            case "AlwaysDeny" -> FixedAuthorizer.ALWAYS_DENY;
            default -> throw new ConfigurationException("authorization-mode \"" + type + "\" is not a valid mode; choose from " + AuthorizationSettings.MODES.stream().sorted().toList());
        };
    }

    private Authorizer abac() {
        Path policies = settings.authorization().policies();
        if (policies == null) {
            throw new ConfigurationException("authorization-mode ABAC's authorization policy file not passed; give --authorization-policy-file");
        }
        return AbacAuthorizer.read(policies);
    }

    private Authorizer webhook(AuthorizationSettings given) {
        AuthorizationSettings.Webhook webhook = given.webhook();
        if (webhook == null) {
            throw new ConfigurationException("authorization-mode Webhook's authorization config file not passed; give --authorization-webhook-config-file");
        }
        ReviewClient client = ReviewClient.of(
                webhook.kubeconfig(), "--authorization-webhook-config-file", ASK_WITHIN, ATTEMPTS, foundation.loops(), foundation.timeline());
        WebhookAuthorizer.Settings asked = new WebhookAuthorizer.Settings(webhook.version(), webhook.allowedLife(), webhook.refusedLife(), false, List.of());
        return kept(new WebhookAuthorizer(client, asked, foundation.timeline()));
    }

    private WebhookAuthorizer webhook(AuthorizationConfiguration.Webhook webhook) {
        Path kubeconfig = webhook.kubeconfig();
        ReviewClient client = kubeconfig == null
                ? ReviewClient.inCluster("--authorization-config", webhook.timeout(), ATTEMPTS, foundation.loops(), foundation.timeline())
                : ReviewClient.of(kubeconfig, "--authorization-config", webhook.timeout(), ATTEMPTS, foundation.loops(), foundation.timeline());
        return new WebhookAuthorizer(client, webhook.settings(), foundation.timeline());
    }

    private TokenAuthenticator tokens() {
        AuthenticationSettings given = settings.authentication();
        List<TokenAuthenticator> kinds = new ArrayList<>();
        if (!given.tokens().isEmpty()) {
            kinds.add(new ServerAudiences(TokenFile.of(given.tokens()), audiences()));
        }
        ServiceAccountKeys keys = given.serviceAccounts();
        if (keys != null) {
            kinds.add(new ServiceAccountTokens(keys, foundation.state(), foundation.writer(), foundation.timeline(), foundation.metrics()));
        }
        if (given.bootstrapTokens()) {
            kinds.add(new ServerAudiences(new BootstrapTokens(foundation.state(), foundation.timeline()::now), audiences()));
        }
        kinds.add(new ServerAudiences(kept(new OidcTokens(given.issuers(), foundation.loops(), foundation.timeline())), audiences()));
        AuthenticationSettings.Webhook webhook = given.webhook();
        if (webhook != null) {
            ReviewClient client = ReviewClient.of(
                    webhook.kubeconfig(), "--authentication-token-webhook-config-file", ASK_WITHIN, ATTEMPTS, foundation.loops(), foundation.timeline());
            kinds.add(kept(new WebhookTokens(client, webhook.version(), webhook.life(), audiences(), foundation.timeline())));
        }
        return new TokenChain(kinds);
    }

    private List<String> audiences() {
        ServiceAccountKeys keys = settings.authentication().serviceAccounts();
        return keys == null ? List.of(ServiceAccountKeys.DEFAULT_ISSUER) : keys.audiences();
    }

    private Authenticator authenticator(TokenAuthenticator tokens) {
        AuthenticationSettings given = settings.authentication();
        List<Authenticator> chain = new ArrayList<>();
        RequestHeaders.Settings proxy = given.proxy();
        if (proxy != null) {
            chain.add(new RequestHeaders(proxy, foundation.timeline()::now));
        }
        chain.add(new ClientCertificates(given.clientAuthorities(), foundation.timeline()::now));
        TokenAuthenticator lasting = given.tokens().isEmpty() ? (token, audiences) -> Authentication.NONE : TokenFile.of(given.tokens());
        chain.add(new BearerTokens(tokens, lasting, new TokenCacheMetrics(foundation.metrics(), foundation.timeline())));
        return new AuthenticatorChain(chain, exchange -> anonymous().allows(exchange.path()));
    }

    private AnonymousAccess anonymous() {
        AnonymousAccess configured = settings.authentication().issuers().get().anonymous();
        return configured == null ? settings.authentication().anonymous() : configured;
    }

    private List<Resource<?>> resources(TokenAuthenticator tokens, Authorizer authorizer) {
        List<Resource<?>> resources = new ArrayList<>();
        for (Resource<?> resource : foundation.resources()) {
            resources.add(resource.hub().equals(ServiceAccount.RESOURCE) ? withTokens(resource) : resource);
        }
        resources.addAll(AuthenticationReviews.resources(tokens, audiences()));
        resources.addAll(AccessReviews.resources(authorizer));
        return resources;
    }

    @SuppressWarnings("unchecked") // the resource of service accounts
    private Resource<?> withTokens(Resource<?> resource) {
        Subresource<ServiceAccount> tokens = tokenRequests();
        return tokens == null ? resource : ((Resource<ServiceAccount>) resource).with(tokens);
    }

    private @Nullable Subresource<ServiceAccount> tokenRequests() {
        ServiceAccountKeys keys = settings.authentication().serviceAccounts();
        SigningKey signing = keys == null ? null : keys.signing();
        return keys == null || signing == null ? null : TokenRequests.subresource(keys, signing, foundation.timeline().random());
    }

    private void paths(Paths paths) {
        ServiceAccountKeys keys = settings.authentication().serviceAccounts();
        if (keys == null || !IssuerDocuments.describable(keys)) {
            return;
        }
        byte[] configuration = IssuerDocuments.configuration(keys, settings.serverUrl());
        byte[] published = IssuerDocuments.keys(keys);
        Headers json = Headers.of("content-type", "application/json", "cache-control", "public, max-age=3600");
        Headers set = Headers.of("content-type", "application/jwk-set+json", "cache-control", "public, max-age=3600");
        paths.add(IssuerDocuments.CONFIGURATION_PATH, exchange -> exchange.answer(200, json, configuration));
        paths.add(IssuerDocuments.KEYS_PATH, exchange -> exchange.answer(200, set, published));
    }
}
