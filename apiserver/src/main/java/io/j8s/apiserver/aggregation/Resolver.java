package io.j8s.apiserver.aggregation;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.model.apiregistration.v1.ServiceReference;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.runtime.Timeline;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a service is: at its own address, or at one of its endpoints.
final class Resolver {

    private final ClusterState state;
    private final boolean byEndpoints;
    private final Timeline timeline;

    Resolver(ClusterState state, boolean byEndpoints, Timeline timeline) {
        this.state = state;
        this.byEndpoints = byEndpoints;
        this.timeline = timeline;
    }

    @Nullable Service service(ServiceReference reference) {
        return state.get(Service.RESOURCE, reference.namespace(), reference.name());
    }

    static @Nullable ServicePort port(Service service, int number) {
        return service.spec().ports().stream().filter(port -> port.port() == number).findFirst().orElse(null);
    }

    List<EndpointSlice> slices(ServiceReference reference) {
        return state.list(EndpointSlice.RESOURCE, reference.namespace()).stream()
                .filter(slice -> reference.name().equals(slice.metadata().labels().get("kubernetes.io/service-name"))).toList();
    }

    /// The ready endpoints of a port, as `host:port`.
    List<String> addresses(ServiceReference reference, String portName) {
        List<String> found = new ArrayList<>();
        for (EndpointSlice slice : slices(reference)) {
            for (EndpointPort port : slice.ports()) {
                if (port.name().equals(portName)) {
                    slice.endpoints().stream().filter(Resolver::ready).flatMap(endpoint -> endpoint.addresses().stream()).forEach(ip -> found.add(bracketed(ip) + ":" + port.port()));
                }
            }
        }
        return found;
    }

    private static boolean ready(Endpoint endpoint) {
        return !endpoint.conditions().hasReady() || endpoint.conditions().ready();
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    /// `https://host:port`; null when the service or its endpoints are not there.
    @Nullable URI find(ServiceReference reference) {
        Service service = service(reference);
        if (service == null) {
            return null;
        }
        if (service.spec().type().equals("ExternalName")) {
            return URI.create("https://" + service.spec().externalName() + ":" + reference.port());
        }
        ServicePort port = port(service, reference.port());
        if (port == null) {
            return null;
        }
        String address = service.spec().clusterIP();
        if (!byEndpoints && !address.isEmpty() && !address.equals("None")) {
            return URI.create("https://" + bracketed(address) + ":" + port.port());
        }
        List<String> addresses = addresses(reference, port.name());
        return addresses.isEmpty() ? null : URI.create("https://" + addresses.get(timeline.random().nextInt(addresses.size())));
    }
}
