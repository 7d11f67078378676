package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.admissionregistration.v1.ValidatingWebhookConfiguration;

/// `validatingwebhookconfigurations.admissionregistration.k8s.io`
final class ValidatingWebhookConfigurations {

    private ValidatingWebhookConfigurations() {}

    static Resource<ValidatingWebhookConfiguration> resource() {
        return Resource.of(ValidatingWebhookConfiguration.RESOURCE)
                .categories("api-extensions")
                .updatesOnlyConditionally()
                .build();
    }
}
