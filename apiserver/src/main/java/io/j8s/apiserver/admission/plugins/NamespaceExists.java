package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.core.v1.Namespace;

/// Refuses whatever is in a namespace that does not exist.
public final class NamespaceExists implements AdmissionPlugin {

    @Override
    public String name() {
        return "NamespaceExists";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.operation() != Operation.CONNECT && !request.namespace().isEmpty() && !request.about("", "namespaces");
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.state().get(Namespace.RESOURCE, "", request.namespace()) == null) {
            throw Refusal.notFound("", "namespaces", request.namespace());
        }
    }
}
