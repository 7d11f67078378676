package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.resource.ObjectWriter;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.meta.v1.ObjectMeta;

/// Makes the namespace of what is created when it is missing. Runs before everything that needs the namespace.
///
/// @param writer makes it
public record NamespaceAutoProvision(ObjectWriter writer) implements AdmissionPlugin {

    @Override
    public String name() {
        return "NamespaceAutoProvision";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.operation() == Operation.CREATE && !request.namespace().isEmpty() && !request.about("", "namespaces") && !request.dryRun();
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        if (request.state().get(Namespace.RESOURCE, "", request.namespace()) == null) {
            try {
                writer.create(Namespace.RESOURCE, "", Namespace.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(request.namespace())));
            } catch (Refusal refusal) {
                if (refusal.code() != 409) {
                    throw request.forbidden(refusal.message());
                }
            }
        }
        return object;
    }
}
