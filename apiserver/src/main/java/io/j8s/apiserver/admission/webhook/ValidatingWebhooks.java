package io.j8s.apiserver.admission.webhook;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.policy.Matching;
import io.j8s.model.ApiResource;
import io.j8s.model.admissionregistration.v1.ValidatingWebhook;
import io.j8s.model.admissionregistration.v1.ValidatingWebhookConfiguration;

/// Refuses what validating webhooks refuse (plugin `ValidatingAdmissionWebhook`). They are asked one after the other, in the order of their configurations' names.
public final class ValidatingWebhooks implements AdmissionPlugin {

    private final HookReview review;

    public ValidatingWebhooks(HookReview review) {
        this.review = review;
    }

    @Override
    public String name() {
        return "ValidatingAdmissionWebhook";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return Matching.possible(request) && request.state().any(ValidatingWebhookConfiguration.RESOURCE, "", configuration -> true);
    }

    @Override
    public void validate(AdmissionRequest request) {
        for (ValidatingWebhookConfiguration configuration : request.state().list(ValidatingWebhookConfiguration.RESOURCE, "")) {
            for (ValidatingWebhook one : configuration.webhooks()) {
                Hook hook = Hook.of(one);
                ApiResource<?> version = hook.concerns(request);
                if (version != null) {
                    review.ask(hook, request, version);
                }
            }
        }
    }
}
