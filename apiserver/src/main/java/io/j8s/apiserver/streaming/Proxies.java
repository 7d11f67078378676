package io.j8s.apiserver.streaming;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.resource.Subresource.Connection.Opened;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.HttpClient;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.Endpoints;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointPort;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The `proxy` subresources: which server a pod, a service or a node stands for. Only addresses of the network beyond this host are allowed, so that nobody reaches
/// what listens on the server's own loopback or on link-local addresses.
final class Proxies {

    private final Kubelets kubelets;
    private final ClusterState state;
    private final Timeline timeline;

    Proxies(Kubelets kubelets, ClusterState state, Timeline timeline) {
        this.kubelets = kubelets;
        this.state = state;
        this.timeline = timeline;
    }

    void pod(Pod pod, Opened opened) throws IOException, InterruptedException {
        ProxyName name = ProxyName.parse(opened.segment(), "pod");
        String port = name.port();
        if (port.isEmpty()) {
            port = pod.spec().containers().stream().flatMap(c -> c.ports().stream()).map(ContainerPort::containerPort).map(String::valueOf).findFirst().orElse("");
        }
        requireReachable(pod.status().podIP());
        pass(opened, kubelets.client(false), name.schemeOrHttp(), pod.status().podIP(), port, true);
    }

    void service(Service service, Opened opened) throws IOException, InterruptedException {
        ProxyName name = ProxyName.parse(opened.segment(), "service");
        String portName = portName(service, name.port());
        List<Target> targets = targets(service, portName);
        if (targets.isEmpty() && !hasEndpoints(service)) {
            throw Refusal.notFound("", "services", service.metadata().name());
        }
        if (targets.isEmpty()) {
            throw Refusal.unavailable("no endpoints available for service \"" + opened.segment() + "\"");
        }
        Target target = targets.get(timeline.random().nextInt(targets.size()));
        requireReachable(target.address);
        pass(opened, kubelets.client(false), name.schemeOrHttp(), target.address, Integer.toString(target.port), true);
    }

    void node(Node node, Opened opened) throws IOException, InterruptedException {
        ProxyName name = ProxyName.parse(opened.segment(), "node");
        String kubeletPort = Integer.toString(node.status().daemonEndpoints().kubeletEndpoint().Port());
        if (name.port().isEmpty() || name.port().equals(kubeletPort)) {
            new HttpPassage(kubelets.client(true), timeline, opened, kubelets.address(node.metadata().name()), false).run();
            return;
        }
        String host = kubelets.host(node);
        requireReachable(host);
        pass(opened, kubelets.client(false), name.schemeOrHttp(), host, name.port(), false);
    }

    private void pass(Opened opened, HttpClient client, String scheme, String host, String port, boolean rewriting) throws IOException, InterruptedException {
        String base = scheme + "://" + Kubelets.bracketed(host) + (port.isEmpty() ? "" : ":" + port);
        try {
            new HttpPassage(client, timeline, opened, java.net.URI.create(base), rewriting).run();
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("cannot pass the request on to \"" + base + "\": " + e.getMessage());
        }
    }

    private record Target(String address, int port) {}

    /// The name of the service's port that was asked for by number or by name.
    private static String portName(Service service, String asked) {
        if (!asked.matches("\\d+")) {
            return asked;
        }
        return service.spec().ports().stream()
                .filter(port -> Integer.toString(port.port()).equals(asked)).map(ServicePort::name).findFirst()
                .orElseThrow(() -> Refusal.unavailable("no service port " + asked + " found for service \"" + service.metadata().name() + "\""));
    }

    /// The ready endpoints with this port that are pods.
    private List<Target> targets(Service service, String portName) {
        String namespace = service.metadata().namespace();
        List<Target> targets = new ArrayList<>();
        for (EndpointSlice slice : state.list(EndpointSlice.RESOURCE, namespace)) {
            if (!service.metadata().name().equals(slice.metadata().labels().get("kubernetes.io/service-name"))) {
                continue;
            }
            for (EndpointPort port : slice.ports()) {
                if (port.name().equals(portName)) {
                    slice.endpoints().stream().map(endpoint -> podAddress(namespace, endpoint)).filter(Objects::nonNull).forEach(address -> targets.add(new Target(address, port.port())));
                }
            }
        }
        return targets;
    }

    private boolean hasEndpoints(Service service) {
        String namespace = service.metadata().namespace();
        String name = service.metadata().name();
        return state.get(Endpoints.RESOURCE, namespace, name) != null
                || state.list(EndpointSlice.RESOURCE, namespace).stream().anyMatch(slice -> name.equals(slice.metadata().labels().get("kubernetes.io/service-name")));
    }

    private @Nullable String podAddress(String namespace, Endpoint endpoint) {
        boolean ready = !endpoint.conditions().hasReady() || endpoint.conditions().ready();
        if (!ready || endpoint.addresses().isEmpty() || !endpoint.targetRef().kind().equals("Pod")) {
            return null;
        }
        Pod pod = state.get(Pod.RESOURCE, namespace, endpoint.targetRef().name());
        String address = endpoint.addresses().getFirst();
        return pod != null && pod.status().podIPs().stream().anyMatch(ip -> ip.ip().equals(address)) ? address : null;
    }

    private static void requireReachable(String host) {
        try {
            InetAddress address = host.isEmpty() ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
            if (address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isAnyLocalAddress() || address.isMulticastAddress()) {
                throw Refusal.badRequest("address not allowed");
            }
        } catch (UnknownHostException e) {
            throw new Refusal(503, "ServiceUnavailable", "the host \"" + host + "\" is not known", Refusal.Details.NONE);
        }
    }
}
