package io.j8s.apiserver.resources.discovery;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.IpRules;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointHints;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.model.discovery.v1.ForNode;
import io.j8s.model.discovery.v1.ForZone;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules for slices of endpoints.
final class EndpointSliceRules {

    private static final Set<String> ADDRESS_TYPES = Set.of("IPv4", "IPv6", "FQDN");
    private static final Set<String> PROTOCOLS = Set.of("TCP", "UDP", "SCTP");
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final int MOST_TOPOLOGY_LABELS = 16;
    private static final int MOST_ADDRESSES = 100;
    private static final int MOST_PORTS = 20_000;
    private static final int MOST_ENDPOINTS = 1000;
    private static final int MOST_HINTS = 8;

    private EndpointSliceRules() {}

    static void checkUpdate(EndpointSlice slice, EndpointSlice old, FieldErrors errors) {
        check(slice, old, errors);
        errors.immutable(FieldPath.of("addressType"), slice.addressType(), old.addressType());
    }

    /// Endpoints that an update leaves as they were are not looked at.
    static void check(EndpointSlice slice, @Nullable EndpointSlice old, FieldErrors errors) {
        FieldPath type = FieldPath.of("addressType");
        if (slice.addressType().isEmpty()) {
            errors.required(type);
        } else if (!ADDRESS_TYPES.contains(slice.addressType())) {
            errors.notSupported(type, slice.addressType(), ADDRESS_TYPES);
        }
        ports(slice.ports(), FieldPath.of("ports"), errors);
        if (old == null || !old.endpoints().equals(slice.endpoints())) {
            endpoints(slice.endpoints(), slice.addressType(), FieldPath.of("endpoints"), errors);
        }
    }

    private static void ports(List<EndpointPort> ports, FieldPath path, FieldErrors errors) {
        if (ports.size() > MOST_PORTS) {
            errors.tooMany(path, ports.size(), MOST_PORTS);
            return;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            EndpointPort port = ports.get(i);
            FieldPath here = path.index(i);
            if (!port.name().isEmpty()) {
                Names.dnsLabel(port.name()).forEach(problem -> errors.invalid(here.child("name"), port.name(), problem));
            }
            if (!names.add(port.name())) {
                errors.duplicate(here.child("name"), port.name());
            }
            if (!PROTOCOLS.contains(port.protocol())) {
                errors.notSupported(here.child("protocol"), port.protocol(), PROTOCOLS);
            }
            if (port.hasAppProtocol()) {
                Names.qualifiedName(port.appProtocol()).forEach(problem -> errors.invalid(here.child("appProtocol"), port.appProtocol(), problem));
            }
        }
    }

    private static void endpoints(List<Endpoint> endpoints, String type, FieldPath path, FieldErrors errors) {
        if (endpoints.size() > MOST_ENDPOINTS) {
            errors.tooMany(path, endpoints.size(), MOST_ENDPOINTS);
            return;
        }
        for (int i = 0; i < endpoints.size(); i++) {
            endpoint(endpoints.get(i), type, path.index(i), errors);
        }
    }

    private static void endpoint(Endpoint endpoint, String type, FieldPath path, FieldErrors errors) {
        FieldPath addresses = path.child("addresses");
        if (endpoint.addresses().isEmpty()) {
            errors.required(addresses, "must contain at least 1 address");
        } else if (endpoint.addresses().size() > MOST_ADDRESSES) {
            errors.tooMany(addresses, endpoint.addresses().size(), MOST_ADDRESSES);
        }
        for (int i = 0; i < endpoint.addresses().size(); i++) {
            address(endpoint.addresses().get(i), type, addresses, addresses.index(i), errors);
        }
        if (endpoint.hasNodeName()) {
            Names.dnsSubdomain(endpoint.nodeName()).forEach(problem -> errors.invalid(path.child("nodeName"), endpoint.nodeName(), problem));
        }
        FieldPath topology = path.child("deprecatedTopology");
        if (endpoint.deprecatedTopology().size() > MOST_TOPOLOGY_LABELS) {
            errors.tooMany(topology, endpoint.deprecatedTopology().size(), MOST_TOPOLOGY_LABELS);
        }
        SelectorRules.labels(endpoint.deprecatedTopology(), topology, errors);
        if (endpoint.deprecatedTopology().containsKey(ZONE)) {
            errors.internal(topology.key(ZONE), "the zone has a field of its own: zone");
        }
        if (endpoint.hasHostname()) {
            Names.dnsLabel(endpoint.hostname()).forEach(problem -> errors.invalid(path.child("hostname"), endpoint.hostname(), problem));
        }
        if (endpoint.hasHints()) {
            hints(endpoint.hints(), path.child("hints"), errors);
        }
    }

    private static void address(String address, String type, FieldPath all, FieldPath path, FieldErrors errors) {
        switch (type) {
            case "IPv4", "IPv6" -> {
                int before = errors.size();
                if (type.equals("IPv4")) {
                    IpRules.check(address, path, errors);
                } else {
                    IpRules.checkCanonical(address, path, errors);
                }
                if (errors.size() > before) {
                    return;
                }
                if (IpRules.isV6(address) != type.equals("IPv6")) {
                    errors.invalid(all, address, "must be an " + type + " address");
                }
                IpRules.checkReachable(address, path, errors);
            }
            case "FQDN" -> {
                if (address.isEmpty()) {
                    errors.required(path);
                } else {
                    Names.fullyQualifiedDomain(address).forEach(problem -> errors.invalid(path, address, problem));
                }
            }
            default -> {}
        }
    }

    private static void hints(EndpointHints hints, FieldPath path, FieldErrors errors) {
        FieldPath zones = path.child("forZones");
        if (hints.forZones().size() > MOST_HINTS) {
            errors.tooMany(zones, hints.forZones().size(), MOST_HINTS);
            return;
        }
        List<String> zoneNames = hints.forZones().stream().map(ForZone::name).toList();
        for (int i = 0; i < zoneNames.size(); i++) {
            String name = zoneNames.get(i);
            FieldPath here = zones.index(i).child("name");
            if (zoneNames.indexOf(name) < i) {
                errors.duplicate(here, name);
            }
            Names.labelValue(name).forEach(problem -> errors.invalid(here, name, problem));
        }
        FieldPath nodes = path.child("forNodes");
        if (hints.forNodes().size() > MOST_HINTS) {
            errors.tooMany(nodes, hints.forNodes().size(), MOST_HINTS);
            return;
        }
        List<String> nodeNames = hints.forNodes().stream().map(ForNode::name).toList();
        for (int i = 0; i < nodeNames.size(); i++) {
            String name = nodeNames.get(i);
            FieldPath here = nodes.index(i).child("name");
            if (nodeNames.indexOf(name) < i) {
                errors.duplicate(here, name);
            }
            Names.dnsSubdomain(name).forEach(problem -> errors.invalid(here, name, problem));
        }
    }
}
