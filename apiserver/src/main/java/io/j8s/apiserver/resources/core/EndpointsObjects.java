package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.EndpointAddress;
import io.j8s.model.core.v1.EndpointPort;
import io.j8s.model.core.v1.EndpointSubset;
import io.j8s.model.core.v1.Endpoints;
import java.util.ArrayList;
import java.util.List;

/// `endpoints`
final class EndpointsObjects {

    private static final int SHOWN = 3;
    private static final List<String> PROTOCOLS = List.of("SCTP", "TCP", "UDP");

    private EndpointsObjects() {}

    static Resource<Endpoints> resource() {
        return Resource.of(Endpoints.RESOURCE)
                .storedAt("services/endpoints")
                .singular("endpoints")
                .shortNames("ep")
                .createsOnUpdate()
                .defaults(EndpointsObjects::defaults)
                .createRules((endpoints, errors) -> rules(endpoints, List.of(), errors))
                .updateRules((endpoints, old, errors) -> rules(endpoints, old.subsets(), errors))
                .deprecated("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice")
                .table(table -> table
                        .nameColumn()
                        .column("Endpoints", "string", "The first addresses, with their ports.", (endpoints, now) -> addresses(endpoints))
                        .ageColumn())
                .build();
    }

    private static Endpoints defaults(Endpoints sent) {
        List<EndpointSubset> subsets = Elements.map(sent.subsets(), subset -> {
            List<EndpointPort> ports = Elements.map(subset.ports(), port -> port.protocol().isEmpty() ? port.withProtocol("TCP") : port);
            return ports == subset.ports() ? subset : subset.withPorts(ports);
        });
        return subsets == sent.subsets() ? sent : sent.withSubsets(subsets);
    }

    private static void rules(Endpoints endpoints, List<EndpointSubset> old, FieldErrors errors) {
        if (endpoints.subsets().equals(old)) {
            return;
        }
        for (int i = 0; i < endpoints.subsets().size(); i++) {
            EndpointSubset subset = endpoints.subsets().get(i);
            FieldPath path = FieldPath.of("subsets").index(i);
            if (subset.addresses().isEmpty() && subset.notReadyAddresses().isEmpty()) {
                errors.required(path, "must specify `addresses` or `notReadyAddresses`");
            }
            for (int j = 0; j < subset.addresses().size(); j++) {
                address(subset.addresses().get(j), path.child("addresses").index(j), errors);
            }
            for (int j = 0; j < subset.notReadyAddresses().size(); j++) {
                address(subset.notReadyAddresses().get(j), path.child("notReadyAddresses").index(j), errors);
            }
            for (int j = 0; j < subset.ports().size(); j++) {
                port(subset.ports().get(j), subset.ports().size() > 1, path.child("ports").index(j), errors);
            }
        }
    }

    private static void address(EndpointAddress address, FieldPath path, FieldErrors errors) {
        IpRules.check(address.ip(), path.child("ip"), errors);
        if (!address.hostname().isEmpty()) {
            Names.dnsLabel(address.hostname()).forEach(problem -> errors.invalid(path.child("hostname"), address.hostname(), problem));
        }
        if (address.hasNodeName()) {
            Names.dnsSubdomain(address.nodeName()).forEach(problem -> errors.invalid(path.child("nodeName"), address.nodeName(), problem));
        }
        if (!IpRules.isLenientIp(address.ip())) {
            errors.invalid(path.child("ip"), address.ip(), "must be a valid IP address");
        }
        IpRules.checkReachable(address.ip(), path.child("ip"), errors);
    }

    private static void port(EndpointPort port, boolean nameRequired, FieldPath path, FieldErrors errors) {
        if (!port.name().isEmpty()) {
            Names.dnsLabel(port.name()).forEach(problem -> errors.invalid(path.child("name"), port.name(), problem));
        } else if (nameRequired) {
            errors.required(path.child("name"));
        }
        NumberRules.between(port.port(), 1, 65535, path.child("port"), errors);
        if (!PROTOCOLS.contains(port.protocol())) {
            errors.notSupported(path.child("protocol"), port.protocol(), PROTOCOLS);
        }
        if (port.hasAppProtocol()) {
            Names.qualifiedName(port.appProtocol()).forEach(problem -> errors.invalid(path.child("appProtocol"), port.appProtocol(), problem));
        }
    }

    private static String addresses(Endpoints endpoints) {
        if (endpoints.subsets().isEmpty()) {
            return "<none>";
        }
        List<String> all = new ArrayList<>();
        for (EndpointSubset subset : endpoints.subsets()) {
            if (subset.ports().isEmpty()) {
                subset.addresses().forEach(address -> all.add(address.ip()));
            }
            for (EndpointPort port : subset.ports()) {
                subset.addresses().forEach(address -> all.add((IpRules.isV6(address.ip()) ? "[" + address.ip() + "]" : address.ip()) + ":" + port.port()));
            }
        }
        String shown = String.join(",", all.subList(0, Math.min(SHOWN, all.size())));
        return all.size() > SHOWN ? shown + " + " + (all.size() - SHOWN) + " more..." : shown;
    }
}
