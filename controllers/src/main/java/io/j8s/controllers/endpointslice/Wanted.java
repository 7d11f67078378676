package io.j8s.controllers.endpointslice;

import io.j8s.client.informer.Lister;
import io.j8s.controllers.pods.Pods;
import io.j8s.controllers.services.ServicePods;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointConditions;
import io.j8s.model.discovery.v1.EndpointHints;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.ForNode;
import io.j8s.model.discovery.v1.ForZone;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the slices of a service should hold.
final class Wanted {
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final Set<String> CLOSE = Set.of("PreferClose", "PreferSameZone", "PreferSameNode");

    private final Service service;
    private final Lister<Node> nodes;

    Wanted(Service service, Lister<Node> nodes) {
        this.service = service;
        this.nodes = nodes;
    }

    /// `IPv4`, `IPv6` or both, as the service's families say.
    Set<String> addressTypes() {
        Set<String> types = new LinkedHashSet<>(service.spec().ipFamilies());
        if (types.isEmpty()) {
            if (ServicePods.hasAddress(service)) {
                types.add(type(service.spec().clusterIP()));
            } else {
                types.add("IPv4");
                types.add("IPv6");
            }
        }
        return types;
    }

    /// The endpoints of one address type, grouped by the ports they serve (which differ between pods where a named port has different numbers).
    Map<List<EndpointPort>, List<Endpoint>> endpoints(List<Pod> pods, String addressType) {
        Map<List<EndpointPort>, List<Endpoint>> groups = new LinkedHashMap<>();
        for (Pod pod : pods) {
            List<String> addresses = ServicePods.addresses(pod).stream().filter(address -> type(address).equals(addressType)).toList();
            if (ServicePods.reachable(pod, true) && !addresses.isEmpty()) {
                groups.computeIfAbsent(ports(pod), p -> new ArrayList<>()).add(endpoint(pod, addresses));
            }
        }
        return groups;
    }

    /// The same endpoints with hints by the zones' shares.
    ///
    /// @param refused told, in upstream's words, why there are none
    static Map<List<EndpointPort>, List<Endpoint>> hinted(Map<List<EndpointPort>, List<Endpoint>> groups, Map<String, Double> shares, Consumer<String> refused) {
        ZoneHints hints = ZoneHints.of(groups.values().stream().flatMap(List::stream).toList(), shares);
        if (!hints.refusal().isEmpty()) {
            refused.accept(hints.refusal());
        }
        Map<List<EndpointPort>, List<Endpoint>> hinted = new LinkedHashMap<>();
        int from = 0;
        for (Map.Entry<List<EndpointPort>, List<Endpoint>> group : groups.entrySet()) {
            int to = from + group.getValue().size();
            hinted.put(group.getKey(), hints.endpoints().subList(from, to));
            from = to;
        }
        return hinted;
    }

    /// Whether hints are to follow the zones' shares; then `trafficDistribution` does not count.
    static boolean byShares(Service service) {
        Map<String, String> annotations = service.metadata().annotations();
        String mode = annotations.getOrDefault("service.kubernetes.io/topology-aware-hints", annotations.getOrDefault("service.kubernetes.io/topology-mode", ""));
        return mode.equals("Auto") || mode.equals("auto");
    }

    private static String type(String address) {
        return address.indexOf(':') >= 0 ? "IPv6" : "IPv4";
    }

    private List<EndpointPort> ports(Pod pod) {
        List<EndpointPort> ports = new ArrayList<>();
        for (ServicePort port : service.spec().ports()) {
            Integer number = ServicePods.targetPort(pod, port);
            if (number != null) {
                EndpointPort found = EndpointPort.EMPTY.withName(port.name()).withPort(number).withProtocol(ServicePods.protocol(port.protocol()));
                ports.add(port.hasAppProtocol() ? found.withAppProtocol(port.appProtocol()) : found);
            }
        }
        return ports;
    }

    private Endpoint endpoint(Pod pod, List<String> addresses) {
        boolean serving = Pods.ready(pod);
        boolean terminating = pod.metadata().deletionTimestamp() != null;
        boolean ready = service.spec().publishNotReadyAddresses() || (serving && !terminating);
        Endpoint endpoint = Endpoint.EMPTY
                .withAddresses(addresses)
                .withConditions(EndpointConditions.EMPTY.withReady(ready).withServing(serving).withTerminating(terminating))
                .withTargetRef(ObjectReference.EMPTY.withKind("Pod").withNamespace(pod.metadata().namespace()).withName(pod.metadata().name()).withUid(pod.metadata().uid()));
        String nodeName = pod.spec().nodeName();
        if (!nodeName.isEmpty()) {
            endpoint = endpoint.withNodeName(nodeName);
        }
        Node node = nodeName.isEmpty() ? null : nodes.get("", nodeName);
        String zone = node == null ? null : node.metadata().labels().get(ZONE);
        if (zone != null && !zone.isEmpty()) {
            endpoint = endpoint.withZone(zone);
        }
        if (ServicePods.hasHostname(pod, service)) {
            endpoint = endpoint.withHostname(pod.spec().hostname());
        }
        EndpointHints hints = ready ? hints(zone, nodeName) : null;
        return hints == null ? endpoint : endpoint.withHints(hints);
    }

    private @Nullable EndpointHints hints(@Nullable String zone, String nodeName) {
        String distribution = service.spec().trafficDistribution();
        if (!CLOSE.contains(distribution) || byShares(service)) {
            return null;
        }
        EndpointHints hints = EndpointHints.EMPTY;
        if (zone != null && !zone.isEmpty()) {
            hints = hints.withForZones(List.of(ForZone.EMPTY.withName(zone)));
        }
        if (distribution.equals("PreferSameNode") && !nodeName.isEmpty()) {
            hints = hints.withForNodes(List.of(ForNode.EMPTY.withName(nodeName)));
        }
        return hints.isEmpty() ? null : hints;
    }
}
