package io.j8s.network.dns;

import io.j8s.model.core.v1.Service;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.EndpointSlice;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// Reads what DNS says of a Service from it and its EndpointSlices. No I/O.
final class ServiceNaming {

    private ServiceNaming() {}

    /// A headless service publishes its ready endpoints, or all of them when it asks for `publishNotReadyAddresses`.
    static ServiceNames of(Service service, Collection<EndpointSlice> slices) {
        String namespace = service.metadata().namespace();
        String name = service.metadata().name();
        if (service.spec().type().equals("ExternalName")) {
            return new ServiceNames(namespace, name, List.of(), service.spec().externalName(), List.of(), List.of());
        }
        List<InetAddress> addresses = service.spec().clusterIPs().stream().filter(ip -> !ip.isEmpty() && !ip.equals("None")).map(InetAddress::ofLiteral).toList();
        List<ServiceNames.Port> ports = service.spec().ports().stream()
                .map(port -> new ServiceNames.Port(port.name(), protocol(port.protocol()), port.port())).toList();
        List<ServiceNames.Backend> backends = addresses.isEmpty() ? backends(service, slices) : List.of();
        return new ServiceNames(namespace, name, addresses, "", addresses.isEmpty() ? published(slices) : ports, backends);
    }

    private static List<ServiceNames.Backend> backends(Service service, Collection<EndpointSlice> slices) {
        List<ServiceNames.Backend> backends = new ArrayList<>();
        Set<String> seen = new TreeSet<>();
        for (EndpointSlice slice : slices) {
            if (slice.addressType().equals("FQDN")) {
                continue;
            }
            List<ServiceNames.Port> ports = slice.ports().stream().map(ServiceNaming::port).toList();
            for (Endpoint endpoint : slice.endpoints()) {
                boolean ready = !endpoint.conditions().hasReady() || endpoint.conditions().ready();
                if (ready || service.spec().publishNotReadyAddresses()) {
                    endpoint.addresses().stream().filter(seen::add).forEach(address -> backends.add(backend(address, endpoint.hostname(), ports)));
                }
            }
        }
        return backends;
    }

    private static ServiceNames.Backend backend(String address, String hostname, List<ServiceNames.Port> ports) {
        String label = hostname.isEmpty() ? address.replace('.', '-').replace(':', '-') : hostname;
        return new ServiceNames.Backend(InetAddress.ofLiteral(address), label, ports);
    }

    private static List<ServiceNames.Port> published(Collection<EndpointSlice> slices) {
        return slices.stream().flatMap(slice -> slice.ports().stream()).map(ServiceNaming::port).distinct().toList();
    }

    private static ServiceNames.Port port(EndpointPort port) {
        return new ServiceNames.Port(port.name(), protocol(port.protocol()), port.port());
    }

    private static String protocol(String protocol) {
        return protocol.isEmpty() ? "tcp" : protocol.toLowerCase(Locale.ROOT);
    }
}
