package io.j8s.apiserver.authorization.webhook;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.authorization.SystemMasters;
import io.j8s.apiserver.configuration.ConfigurationException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The authorizers that an AuthorizationConfiguration lists, in its order. A changed one counts from the next request on; webhooks that it leaves alone keep what they
/// remember. One that cannot be used is logged, and the one before stays.
public final class ConfiguredAuthorizer implements Authorizer, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConfiguredAuthorizer.class);

    private final Supplier<AuthorizationConfiguration> configuration;
    private final Function<AuthorizationConfiguration.Entry, Authorizer> builtIn;
    private final Function<AuthorizationConfiguration.Webhook, WebhookAuthorizer> webhooks;
    private volatile Ready ready;

    private record Ready(AuthorizationConfiguration of, Authorizer chain, Map<Map<?, ?>, WebhookAuthorizer> webhooks) {}

    /// @param configuration asked at each decision; must be quick
    /// @param builtIn the authorizer of an entry that is no webhook; throws [ConfigurationException] when it cannot be had
    /// @param webhooks makes those of webhooks
    public ConfiguredAuthorizer(
            Supplier<AuthorizationConfiguration> configuration,
            Function<AuthorizationConfiguration.Entry, Authorizer> builtIn,
            Function<AuthorizationConfiguration.Webhook, WebhookAuthorizer> webhooks) {
        this.configuration = configuration;
        this.builtIn = builtIn;
        this.webhooks = webhooks;
        this.ready = made(configuration.get(), Map.of());
    }

    private Ready made(AuthorizationConfiguration wanted, Map<Map<?, ?>, WebhookAuthorizer> before) {
        List<Authorizer> chain = new ArrayList<>();
        chain.add(new SystemMasters());
        Map<Map<?, ?>, WebhookAuthorizer> used = new HashMap<>();
        for (AuthorizationConfiguration.Entry entry : wanted.authorizers()) {
            AuthorizationConfiguration.Webhook webhook = entry.webhook();
            if (webhook == null) {
                chain.add(builtIn.apply(entry));
            } else {
                WebhookAuthorizer known = before.get(webhook.source());
                WebhookAuthorizer authorizer = known == null ? webhooks.apply(webhook) : known;
                used.put(webhook.source(), authorizer);
                chain.add(authorizer);
            }
        }
        return new Ready(wanted, Authorizer.chain(chain), used);
    }

    @SuppressWarnings("ReferenceEquality") // a file that was not read again is the very same
    private Authorizer current() {
        AuthorizationConfiguration wanted = configuration.get();
        Ready known = ready;
        return known.of == wanted ? known.chain : changed(wanted);
    }

    @SuppressWarnings("ReferenceEquality")
    private synchronized Authorizer changed(AuthorizationConfiguration wanted) {
        Ready before = ready;
        if (before.of == wanted) {
            return before.chain;
        }
        try {
            ready = made(wanted, before.webhooks);
            Map<Map<?, ?>, WebhookAuthorizer> kept = ready.webhooks;
            before.webhooks.forEach((source, webhook) -> {
                if (!kept.containsKey(source)) {
                    webhook.close();
                }
            });
        } catch (ConfigurationException e) {
            LOG.error("reloading authorization config: {}; the one before still holds", e.why());
            ready = new Ready(wanted, before.chain, before.webhooks);
        }
        return ready.chain;
    }

    @Override
    public Decision authorize(Attributes attributes) {
        return current().authorize(attributes);
    }

    @Override
    public Rules rulesFor(User user, String namespace) {
        return current().rulesFor(user, namespace);
    }

    @Override
    public void close() {
        ready.webhooks.values().forEach(WebhookAuthorizer::close);
    }
}
