package io.j8s.controllers.endpoint;

import io.j8s.controllers.pods.Pods;
import io.j8s.controllers.services.ServicePods;
import io.j8s.model.core.v1.EndpointAddress;
import io.j8s.model.core.v1.EndpointPort;
import io.j8s.model.core.v1.EndpointSubset;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The addresses of a service's pods, grouped by the ports that they serve: the canonical form, in which equal contents are equal lists.
final class Subsets {
    static final int MOST_ADDRESSES = 1000;

    private static final Comparator<EndpointPort> BY_NUMBER = Comparator.comparingInt(EndpointPort::port).thenComparing(EndpointPort::protocol).thenComparing(EndpointPort::name);
    private static final Comparator<EndpointAddress> BY_ADDRESS = Comparator.comparing(EndpointAddress::ip).thenComparing(address -> address.targetRef().uid());

    private static final Comparator<EndpointSubset> BY_PORTS = Comparator.comparing(subset -> subset.ports().toString());

    private Subsets() {}

    /// @param ready whether clients may be sent there
    private record Place(EndpointAddress address, boolean ready) {}

    static List<EndpointSubset> of(Service service, List<Pod> pods) {
        boolean unready = service.spec().publishNotReadyAddresses();
        Map<String, Place> places = new TreeMap<>();
        Map<String, List<EndpointPort>> portsOf = new LinkedHashMap<>();
        for (Pod pod : pods) {
            String ip = address(service, pod);
            if (ip == null || !ServicePods.reachable(pod, unready)) {
                continue;
            }
            String id = ip + "/" + pod.metadata().uid();
            places.put(id, new Place(address(service, pod, ip), unready || Pods.ready(pod)));
            portsOf.put(id, ports(service, pod));
        }
        Map<List<EndpointPort>, List<Place>> groups = new LinkedHashMap<>();
        places.forEach((id, place) -> {
            List<EndpointPort> ports = portsOf.getOrDefault(id, List.of());
            if (!ports.isEmpty() || (service.spec().ports().isEmpty() && ServicePods.headless(service))) {
                groups.computeIfAbsent(ports, p -> new ArrayList<>()).add(place);
            }
        });
        List<EndpointSubset> subsets = new ArrayList<>();
        groups.forEach((ports, members) -> subsets.add(subset(ports, members)));
        subsets.sort(BY_PORTS);
        return subsets;
    }

    private static EndpointSubset subset(List<EndpointPort> ports, List<Place> members) {
        EndpointSubset subset = ports.isEmpty() ? EndpointSubset.EMPTY : EndpointSubset.EMPTY.withPorts(ports);
        List<EndpointAddress> ready = members.stream().filter(Place::ready).map(Place::address).sorted(BY_ADDRESS).toList();
        List<EndpointAddress> unready = members.stream().filter(p -> !p.ready()).map(Place::address).sorted(BY_ADDRESS).toList();
        subset = ready.isEmpty() ? subset : subset.withAddresses(ready);
        return unready.isEmpty() ? subset : subset.withNotReadyAddresses(unready);
    }

    /// The pod's address of the service's first family.
    private static @Nullable String address(Service service, Pod pod) {
        boolean v6 = service.spec().ipFamilies().isEmpty() ? service.spec().clusterIP().contains(":") : service.spec().ipFamilies().getFirst().equals("IPv6");
        return ServicePods.addresses(pod).stream().filter(ip -> ip.contains(":") == v6).findFirst().orElse(null);
    }

    private static EndpointAddress address(Service service, Pod pod, String ip) {
        EndpointAddress address = EndpointAddress.EMPTY
                .withIp(ip)
                .withTargetRef(ObjectReference.EMPTY.withKind("Pod").withNamespace(pod.metadata().namespace()).withName(pod.metadata().name()).withUid(pod.metadata().uid()));
        address = pod.spec().nodeName().isEmpty() ? address : address.withNodeName(pod.spec().nodeName());
        return ServicePods.hasHostname(pod, service) ? address.withHostname(pod.spec().hostname()) : address;
    }

    private static List<EndpointPort> ports(Service service, Pod pod) {
        List<EndpointPort> ports = new ArrayList<>();
        for (ServicePort port : service.spec().ports()) {
            Integer number = ServicePods.targetPort(pod, port);
            if (number != null) {
                EndpointPort found = EndpointPort.EMPTY.withPort(number).withProtocol(ServicePods.protocol(port.protocol()));
                found = port.name().isEmpty() ? found : found.withName(port.name());
                ports.add(port.hasAppProtocol() ? found.withAppProtocol(port.appProtocol()) : found);
            }
        }
        ports.sort(BY_NUMBER);
        return ports;
    }

    /// The same in this class's order: the server keeps another.
    static List<EndpointSubset> normalized(List<EndpointSubset> subsets) {
        List<EndpointSubset> sorted = new ArrayList<>();
        for (EndpointSubset subset : subsets) {
            EndpointSubset each = subset.ports().isEmpty() ? subset.withoutPorts() : subset.withPorts(subset.ports().stream().sorted(BY_NUMBER).toList());
            each = each.addresses().isEmpty() ? each.withoutAddresses() : each.withAddresses(each.addresses().stream().sorted(BY_ADDRESS).toList());
            sorted.add(each.notReadyAddresses().isEmpty() ? each.withoutNotReadyAddresses() : each.withNotReadyAddresses(each.notReadyAddresses().stream().sorted(BY_ADDRESS).toList()));
        }
        sorted.sort(BY_PORTS);
        return sorted;
    }

    static int count(List<EndpointSubset> subsets) {
        return subsets.stream().mapToInt(s -> s.addresses().size() + s.notReadyAddresses().size()).sum();
    }

    /// At most a thousand addresses: ready ones first, each subset in proportion.
    static List<EndpointSubset> truncated(List<EndpointSubset> subsets) {
        int ready = subsets.stream().mapToInt(s -> s.addresses().size()).sum();
        int unready = subsets.stream().mapToInt(s -> s.notReadyAddresses().size()).sum();
        if (ready + unready <= MOST_ADDRESSES) {
            return subsets;
        }
        int mostReady = Math.min(ready, MOST_ADDRESSES);
        int mostUnready = MOST_ADDRESSES - mostReady;
        List<EndpointSubset> kept = new ArrayList<>();
        for (EndpointSubset subset : subsets) {
            int a = ready == 0 ? 0 : (int) ((long) subset.addresses().size() * mostReady / ready);
            int b = unready == 0 ? 0 : (int) ((long) subset.notReadyAddresses().size() * mostUnready / unready);
            if (a + b > 0) {
                EndpointSubset cut = a == 0 ? subset.withoutAddresses() : subset.withAddresses(subset.addresses().subList(0, a));
                kept.add(b == 0 ? cut.withoutNotReadyAddresses() : cut.withNotReadyAddresses(subset.notReadyAddresses().subList(0, b)));
            }
        }
        return kept;
    }
}
