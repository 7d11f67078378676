package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.Elements;
import io.j8s.model.admissionregistration.v1.MutatingWebhookConfiguration;
import java.util.List;

/// `mutatingwebhookconfigurations.admissionregistration.k8s.io`
final class MutatingWebhookConfigurations {

    private MutatingWebhookConfigurations() {}

    static Resource<MutatingWebhookConfiguration> resource() {
        return Resource.of(MutatingWebhookConfiguration.RESOURCE)
                .categories("api-extensions")
                .updatesOnlyConditionally()
                .anyFinalizers()
                .metadataUpdateNotRevalidated()
                .defaults(configuration -> configuration.hasWebhooks()
                        ? configuration.withWebhooks(Elements.map(configuration.webhooks(), Webhook::withDefaults))
                        : configuration)
                .generation((configuration, old) -> !configuration.webhooks().equals(old.webhooks()) || configuration.hasWebhooks() != old.hasWebhooks())
                .createRules((configuration, errors) -> WebhookRules.check(hooks(configuration), List.of(), errors))
                .updateRules((configuration, old, errors) -> WebhookRules.check(hooks(configuration), hooks(old), errors))
                .table(table -> table
                        .nameColumn()
                        .column("Webhooks", "integer", "How many webhooks there are.", (configuration, now) -> configuration.webhooks().size())
                        .ageColumn())
                .build();
    }

    private static List<Webhook> hooks(MutatingWebhookConfiguration configuration) {
        return configuration.webhooks().stream().map(Webhook::of).toList();
    }
}
