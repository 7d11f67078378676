package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Namespace;
import java.util.List;
import java.util.Set;

/// Nothing is created in a namespace that does not exist or is being terminated, and the namespaces that a cluster needs are not deleted.
public final class NamespaceLifecycle implements AdmissionPlugin {

    private static final Set<String> NEEDED = Set.of("default", "kube-system", "kube-public");

    @Override
    public String name() {
        return "NamespaceLifecycle";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return !request.namespace().isEmpty() || request.about("", "namespaces");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        check(request);
        return object;
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.operation() == Operation.DELETE) {
            check(request);
        }
    }

    private static void check(AdmissionRequest request) {
        if (request.about("", "namespaces")) {
            if (request.operation() == Operation.DELETE && NEEDED.contains(request.name())) {
                throw Refusal.forbidden("", "namespaces", request.name(), "this namespace may not be deleted");
            }
            return;
        }
        if (request.operation() == Operation.DELETE || request.about("authorization.k8s.io", "localsubjectaccessreviews")) {
            return;
        }
        Namespace namespace = request.state().get(Namespace.RESOURCE, "", request.namespace());
        if (namespace == null) {
            throw Refusal.notFound("", "namespaces", request.namespace());
        }
        if (request.operation() == Operation.CREATE && namespace.status().phase().equals("Terminating")) {
            Refusal refusal = request.forbidden("unable to create new content in namespace " + request.namespace() + " because it is being terminated");
            Refusal.Cause cause = new Refusal.Cause("NamespaceTerminating", "namespace " + request.namespace() + " is being terminated", "metadata.namespace");
            throw refusal.with(refusal.details().withCauses(List.of(cause)));
        }
    }
}
