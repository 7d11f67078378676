package io.j8s.apiserver.resources.admissionregistration;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `admissionregistration.k8s.io`.
public final class AdmissionregistrationGroup {

    private AdmissionregistrationGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                MutatingAdmissionPolicies.resource(),
                MutatingAdmissionPolicyBindings.resource(),
                MutatingWebhookConfigurations.resource(),
                ValidatingAdmissionPolicies.resource(),
                ValidatingAdmissionPolicyBindings.resource(),
                ValidatingWebhookConfigurations.resource());
    }
}
