package io.j8s.apiserver.security;

import io.j8s.apiserver.Foundation;
import io.j8s.apiserver.Guards;
import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.webhook.HookCaller;
import io.j8s.apiserver.authentication.Authenticator;
import io.j8s.apiserver.authentication.AuthenticatorChain;
import io.j8s.apiserver.authentication.BearerTokens;
import io.j8s.apiserver.authentication.BootstrapTokens;
import io.j8s.apiserver.authentication.ClientCertificates;
import io.j8s.apiserver.authentication.ServerAudiences;
import io.j8s.apiserver.authentication.TokenAuthenticator;
import io.j8s.apiserver.authentication.TokenChain;
import io.j8s.apiserver.authentication.TokenFile;
import io.j8s.apiserver.authentication.review.AuthenticationReviews;
import io.j8s.apiserver.authentication.serviceaccount.IssuerDocuments;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountKeys;
import io.j8s.apiserver.authentication.serviceaccount.ServiceAccountTokens;
import io.j8s.apiserver.authentication.serviceaccount.TokenRequests;
import io.j8s.apiserver.authentication.token.SigningKey;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.FixedAuthorizer;
import io.j8s.apiserver.authorization.SystemMasters;
import io.j8s.apiserver.authorization.node.NodeAuthorizer;
import io.j8s.apiserver.authorization.rbac.EscalationCheck;
import io.j8s.apiserver.authorization.rbac.RbacAuthorizer;
import io.j8s.apiserver.authorization.review.AccessReviews;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.serve.Paths;
import io.j8s.http.Headers;
import io.j8s.model.core.v1.ServiceAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The guards of a server, in the order in which they are built: authorizers, tokens, authenticators, admission plugins, the resources that answer from them.
public final class Security {

    private final SecuritySettings settings;
    private final Foundation foundation;
    private final RbacAuthorizer rbac;

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
        HookCaller webhooks = new HookCaller(foundation.state(), foundation.loops(), foundation.timeline());
        List<AdmissionPlugin> plugins = new ArrayList<>();
        if (settings.authorizationModes().contains("RBAC")) {
            plugins.add(new EscalationCheck(rbac, authorizer));
        }
        plugins.addAll(AdmissionPlugins.chosen(foundation, authorizer, webhooks, settings.enabledPlugins(), settings.disabledPlugins()));
        return new Guards(authenticator(tokens), authorizer, new Admission(plugins), resources(tokens, authorizer), this::paths, webhooks::close);
    }

    private Authorizer authorizer() {
        List<Authorizer> chain = new ArrayList<>();
        chain.add(new SystemMasters());
        for (String mode : settings.authorizationModes()) {
            chain.add(switch (mode) {
                case "Node" -> new NodeAuthorizer(foundation.state());
                case "RBAC" -> rbac;
                case "AlwaysAllow" -> FixedAuthorizer.ALWAYS_ALLOW;
                case "AlwaysDeny" -> FixedAuthorizer.ALWAYS_DENY;
                default -> throw new IllegalArgumentException("the authorization mode \"" + mode + "\" is not known; use Node, RBAC, AlwaysAllow or AlwaysDeny");
            });
        }
        return Authorizer.chain(chain);
    }

    private TokenAuthenticator tokens() {
        List<TokenAuthenticator> kinds = new ArrayList<>();
        if (!settings.tokens().isEmpty()) {
            kinds.add(new ServerAudiences(TokenFile.of(settings.tokens()), audiences()));
        }
        if (settings.serviceAccounts() != null) {
            kinds.add(new ServiceAccountTokens(settings.serviceAccounts(), foundation.state(), foundation.timeline()::now));
        }
        kinds.add(new ServerAudiences(new BootstrapTokens(foundation.state(), foundation.timeline()::now), audiences()));
        return new TokenChain(kinds);
    }

    private List<String> audiences() {
        return settings.serviceAccounts() == null ? List.of(ServiceAccountKeys.DEFAULT_ISSUER) : settings.serviceAccounts().audiences();
    }

    private Authenticator authenticator(TokenAuthenticator tokens) {
        List<Authenticator> chain = List.of(new ClientCertificates(settings.clientAuthorities(), foundation.timeline()::now), new BearerTokens(tokens));
        return new AuthenticatorChain(chain, exchange -> settings.anonymous());
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
        ServiceAccountKeys keys = settings.serviceAccounts();
        SigningKey signing = keys == null ? null : keys.signing();
        return keys == null || signing == null ? null : TokenRequests.subresource(keys, signing, foundation.timeline().random());
    }

    private void paths(Paths paths) {
        ServiceAccountKeys keys = settings.serviceAccounts();
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
