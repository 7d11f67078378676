package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.admissionregistration.v1.MutatingWebhookConfiguration;

/// `mutatingwebhookconfigurations.admissionregistration.k8s.io`
final class MutatingWebhookConfigurations {

    private MutatingWebhookConfigurations() {}

    static Resource<MutatingWebhookConfiguration> resource() {
        return Resource.of(MutatingWebhookConfiguration.RESOURCE)
                .categories("api-extensions")
                .updatesOnlyConditionally()
                .build();
    }
}
