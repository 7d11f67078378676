package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.networking.v1.Ingress;
import io.j8s.model.networking.v1.IngressLoadBalancerIngress;
import io.j8s.model.networking.v1.IngressRule;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `ingresses.networking.k8s.io`
final class Ingresses {

    static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
    private static final int MOST_SHOWN = 3;

    private Ingresses() {}

    static Resource<Ingress> resource() {
        return Resource.of(Ingress.RESOURCE)
                .storedAt("ingress")
                .shortNames("ing")
                .generationOfSpec()
                .createRules(IngressRules::checkNew)
                .updateRules((ingress, old, errors) -> IngressRules.check(ingress.spec(), old.spec(), errors))
                .status((ingress, old, errors) -> IngressRules.checkStatus(ingress.status(), errors))
                .warnings(Ingresses::warnings)
                .table(table -> table
                        .nameColumn()
                        .column("Class", "string", "The class that says who serves it.", (ingress, now) -> ingress.spec().hasIngressClassName() ? ingress.spec().ingressClassName() : "<none>")
                        .column("Hosts", "string", "The hosts whose requests it is for.", (ingress, now) -> hosts(ingress.spec().rules()))
                        .column("Address", "string", "Where it is served.", (ingress, now) -> addresses(ingress.status().loadBalancer().ingress()))
                        .column("Ports", "string", "The ports at which it is served.", (ingress, now) -> ingress.spec().tls().isEmpty() ? "80" : "80, 443")
                        .ageColumn())
                .build();
    }

    private static List<String> warnings(Ingress ingress, @Nullable Ingress old) {
        boolean byAnnotation = ingress.metadata().annotations().containsKey(CLASS_ANNOTATION) && !ingress.spec().hasIngressClassName();
        return old == null && byAnnotation ? List.of("annotation \"" + CLASS_ANNOTATION + "\" is deprecated, please use 'spec.ingressClassName' instead") : List.of();
    }

    private static String hosts(List<IngressRule> rules) {
        String shown = rules.stream().limit(MOST_SHOWN).map(IngressRule::host).filter(host -> !host.isEmpty()).collect(Collectors.joining(","));
        List<String> named = rules.stream().map(IngressRule::host).filter(host -> !host.isEmpty()).toList();
        if (named.isEmpty()) {
            return "*";
        }
        if (named.size() <= MOST_SHOWN) {
            return String.join(",", named);
        }
        return shown + " + " + (rules.size() - MOST_SHOWN) + " more...";
    }

    private static String addresses(List<IngressLoadBalancerIngress> served) {
        return served.stream().map(at -> at.ip().isEmpty() ? at.hostname() : at.ip()).filter(text -> !text.isEmpty()).sorted().distinct().collect(Collectors.joining(","));
    }
}
