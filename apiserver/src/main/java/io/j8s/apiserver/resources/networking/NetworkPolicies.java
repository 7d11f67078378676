package io.j8s.apiserver.resources.networking;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.AddressWarnings;
import io.j8s.apiserver.resources.core.Elements;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.networking.v1.IPBlock;
import io.j8s.model.networking.v1.NetworkPolicy;
import io.j8s.model.networking.v1.NetworkPolicyPeer;
import io.j8s.model.networking.v1.NetworkPolicyPort;
import io.j8s.model.networking.v1.NetworkPolicySpec;
import java.util.ArrayList;
import java.util.List;

/// `networkpolicies.networking.k8s.io`
final class NetworkPolicies {

    private NetworkPolicies() {}

    static Resource<NetworkPolicy> resource() {
        return Resource.of(NetworkPolicy.RESOURCE)
                .shortNames("netpol")
                .metadataNotRevalidated()
                .defaults(policy -> policy.withSpec(defaults(policy.spec())))
                .generation((policy, old) -> !policy.spec().equals(old.spec())) // an empty list where there was none counts, as upstream
                .rules((policy, errors) -> NetworkPolicyRules.check(policy.spec(), FieldPath.of("spec"), errors))
                .warnings((policy, old) -> warnings(policy.spec()))
                .table(table -> table
                        .nameColumn()
                        .column("Pod-Selector", "string", "podSelector says which pods the policy is for.", (policy, now) -> SelectorRules.shown(policy.spec().podSelector()))
                        .ageColumn())
                .build();
    }

    private static NetworkPolicySpec defaults(NetworkPolicySpec sent) {
        NetworkPolicySpec spec = sent;
        if (spec.hasIngress()) {
            spec = spec.withIngress(Elements.map(spec.ingress(), rule -> rule.hasPorts() ? rule.withPorts(withProtocols(rule.ports())) : rule));
        }
        if (spec.hasEgress()) {
            spec = spec.withEgress(Elements.map(spec.egress(), rule -> rule.hasPorts() ? rule.withPorts(withProtocols(rule.ports())) : rule));
        }
        if (!spec.policyTypes().isEmpty()) {
            return spec;
        }
        return spec.withPolicyTypes(spec.egress().isEmpty() ? List.of("Ingress") : List.of("Ingress", "Egress"));
    }

    private static List<NetworkPolicyPort> withProtocols(List<NetworkPolicyPort> ports) {
        return Elements.map(ports, port -> port.hasProtocol() ? port : port.withProtocol("TCP"));
    }

    private static List<String> warnings(NetworkPolicySpec spec) {
        List<String> warnings = new ArrayList<>(0);
        for (int i = 0; i < spec.ingress().size(); i++) {
            warnings(spec.ingress().get(i).from(), FieldPath.of("spec").child("ingress").index(i).child("from"), warnings);
        }
        for (int i = 0; i < spec.egress().size(); i++) {
            warnings(spec.egress().get(i).to(), FieldPath.of("spec").child("egress").index(i).child("to"), warnings);
        }
        return warnings;
    }

    private static void warnings(List<NetworkPolicyPeer> peers, FieldPath path, List<String> warnings) {
        for (int i = 0; i < peers.size(); i++) {
            IPBlock block = peers.get(i).ipBlock();
            FieldPath here = path.index(i).child("ipBlock");
            AddressWarnings.range(block.cidr(), here.child("cidr"), warnings);
            for (int j = 0; j < block.except().size(); j++) {
                AddressWarnings.range(block.except().get(j), here.child("except").index(j), warnings);
            }
        }
    }
}
