package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Struct;
import io.j8s.model.networking.v1.Ingress;
import io.j8s.model.networking.v1.IngressClass;
import java.util.Comparator;

/// Gives an ingress that names no class the default one: of several the youngest (plugin `DefaultIngressClass`).
public final class IngressClasses implements AdmissionPlugin {

    @Override
    public String name() {
        return "DefaultIngressClass";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.CREATE, "networking.k8s.io", "ingresses");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        Ingress ingress = (Ingress) object;
        if (ingress.spec().hasIngressClassName() || ingress.metadata().annotations().containsKey("kubernetes.io/ingress.class")) {
            return ingress;
        }
        return request.state().list(IngressClass.RESOURCE, "").stream()
                .filter(one -> "true".equals(one.metadata().annotations().get("ingressclass.kubernetes.io/is-default-class")))
                .min(Defaults.youngest(Comparator.comparing(one -> one.metadata().name())))
                .map(one -> ingress.withSpec(spec -> spec.withIngressClassName(one.metadata().name())))
                .orElse(ingress);
    }
}
