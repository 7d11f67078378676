package io.j8s.network.proxy;

import io.j8s.model.core.v1.LoadBalancerIngress;
import io.j8s.model.core.v1.Service;
import io.j8s.model.discovery.v1.EndpointConditions;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.model.discovery.v1.ForNode;
import io.j8s.model.discovery.v1.ForZone;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads a Service and its EndpointSlices as the proxy needs them. No I/O.
final class ServicePorts {

    private static final int AFFINITY_SECONDS = 10_800;

    private final String node;

    /// @param node the node that the proxy runs on
    ServicePorts(String node) {
        this.node = node;
    }

    /// Each port in each of the service's families; none for services that have no cluster address.
    List<ServicePort> of(Service service, Collection<EndpointSlice> slices) {
        if (service.spec().type().equals("ExternalName")) {
            return List.of();
        }
        List<ServicePort> ports = new ArrayList<>();
        for (String address : addresses(service)) {
            for (io.j8s.model.core.v1.ServicePort port : service.spec().ports()) {
                ports.add(port(service, address, port, slices));
            }
        }
        return ports;
    }

    private static List<String> addresses(Service service) {
        List<String> all = service.spec().clusterIPs().isEmpty() ? List.of(service.spec().clusterIP()) : service.spec().clusterIPs();
        return all.stream().filter(address -> !address.isEmpty() && !address.equals("None")).toList();
    }

    private ServicePort port(Service service, String address, io.j8s.model.core.v1.ServicePort port, Collection<EndpointSlice> slices) {
        Family family = Family.of(address);
        boolean affine = service.spec().sessionAffinity().equals("ClientIP");
        int remembered = service.spec().sessionAffinityConfig().clientIP().timeoutSeconds();
        return new ServicePort(
                service.metadata().namespace(),
                service.metadata().name(),
                port.name(),
                protocol(port.protocol()),
                address,
                port.port(),
                port.nodePort(),
                service.spec().externalIPs().stream().filter(ip -> Family.of(ip) == family).toList(),
                balancerAddresses(service, family),
                service.spec().loadBalancerSourceRanges().stream().map(String::strip).toList(),
                !affine ? 0 : remembered > 0 ? remembered : AFFINITY_SECONDS,
                service.spec().externalTrafficPolicy().equals("Local"),
                service.spec().internalTrafficPolicy().equals("Local"),
                endpoints(family, port, slices));
    }

    /// Addresses in mode Proxy are handled by the balancer itself (KEP-1860).
    private static List<String> balancerAddresses(Service service, Family family) {
        return service.status().loadBalancer().ingress().stream()
                .filter(ingress -> !ingress.ipMode().equals("Proxy"))
                .map(LoadBalancerIngress::ip)
                .filter(ip -> !ip.isEmpty() && Family.of(ip) == family)
                .toList();
    }

    private List<Endpoint> endpoints(Family family, io.j8s.model.core.v1.ServicePort port, Collection<EndpointSlice> slices) {
        List<Endpoint> found = new ArrayList<>();
        for (EndpointSlice slice : slices) {
            if (!slice.addressType().equals(family == Family.IPV6 ? "IPv6" : "IPv4")) {
                continue;
            }
            for (EndpointPort open : slice.ports()) {
                if (open.name().equals(port.name()) && protocol(open.protocol()).equals(protocol(port.protocol())) && open.port() > 0) {
                    slice.endpoints().forEach(endpoint -> add(endpoint, open.port(), found));
                }
            }
        }
        found.sort(java.util.Comparator.comparing(Endpoint::address).thenComparingInt(Endpoint::port));
        return found;
    }

    private void add(io.j8s.model.discovery.v1.Endpoint endpoint, int port, List<Endpoint> found) {
        EndpointConditions conditions = endpoint.conditions();
        boolean terminating = conditions.terminating();
        boolean ready = !conditions.hasReady() || conditions.ready();
        boolean serving = conditions.hasServing() ? conditions.serving() : ready;
        Set<String> zones = endpoint.hints().forZones().stream().map(ForZone::name).collect(Collectors.toSet());
        Set<String> nodes = endpoint.hints().forNodes().stream().map(ForNode::name).collect(Collectors.toSet());
        for (String address : endpoint.addresses()) {
            Endpoint one = new Endpoint(address, port, endpoint.nodeName().equals(node), ready, serving, terminating, zones, nodes);
            if (found.stream().noneMatch(other -> other.address().equals(address) && other.port() == port)) {
                found.add(one);
            }
        }
    }

    private static String protocol(String protocol) {
        return protocol.isEmpty() ? "tcp" : protocol.toLowerCase(Locale.ROOT);
    }
}
