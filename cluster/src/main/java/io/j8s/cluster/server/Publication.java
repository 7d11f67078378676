package io.j8s.cluster.server;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.ListOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.informer.Informers;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.model.ApiResource;
import io.j8s.model.IntOrString;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.EndpointAddress;
import io.j8s.model.core.v1.EndpointPort;
import io.j8s.model.core.v1.EndpointSubset;
import io.j8s.model.core.v1.Endpoints;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.core.v1.ServiceSpec;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointConditions;
import io.j8s.model.discovery.v1.EndpointSlice;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Timeline;
import io.j8s.store.Store;
import io.j8s.store.StoreUnavailableException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an API server publishes of itself, and puts back when somebody takes it away: the Service `kubernetes` with its endpoints, by which pods find the API, and the
/// authorities that sign clients, by which other servers know whom to believe (ConfigMap `extension-apiserver-authentication`).
final class Publication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Publication.class);
    private static final String NAME = "kubernetes";
    private static final String NAMESPACE = "default";
    private static final String SYSTEM = "kube-system";
    private static final String AUTHENTICATION = "extension-apiserver-authentication";
    private static final String PORT_NAME = "https";
    private static final int SERVICE_PORT = 443;

    private final Client client;
    private final Facts facts;
    private final Informers informers;
    private final ControllerLoop<String> loop;
    private final @Nullable MasterLeases leases;

    /// @param serviceAddress the cluster IP of the Service
    /// @param address where the server is reached by others; empty when by none: then there are no endpoints
    /// @param shared whether other servers publish themselves in the same store, and nothing says which of them live: then their addresses stay
    /// @param nodePort under which the Service is reached at every node; 0: under none
    /// @param authentication what the ConfigMap says: `client-ca-file` and what is known of front proxies
    record Facts(String serviceAddress, String address, int port, boolean shared, int nodePort, Map<String, String> authentication) {
        Facts {
            authentication = Map.copyOf(authentication);
        }
    }

    private Publication(Client client, Timeline timeline, Facts facts, @Nullable Store store) {
        this.client = client;
        this.facts = facts;
        this.informers = new Informers(client, timeline);
        WorkQueue<String> queue = new WorkQueue<>("publication", timeline);
        this.loop = new ControllerLoop<>(timeline, queue, 1, key -> publish());
        follow(Service.RESOURCE, NAMESPACE, NAME, queue);
        follow(Endpoints.RESOURCE, NAMESPACE, NAME, queue);
        follow(EndpointSlice.RESOURCE, NAMESPACE, NAME, queue);
        follow(ConfigMap.RESOURCE, SYSTEM, AUTHENTICATION, queue);
        queue.add(NAME);
        this.leases = store == null || facts.address().isEmpty() ? null : new MasterLeases(store, facts.address(), timeline, () -> queue.add(NAME));
    }

    /// Publishes, and keeps it so until closed.
    ///
    /// @param client carries the server's own identity
    /// @param store where servers that share it say that they live; null: this one is alone, or does not care
    static Publication start(Client client, Timeline timeline, Facts facts, @Nullable Store store) {
        Publication publication = new Publication(client, timeline, facts, store);
        publication.informers.start();
        publication.loop.start();
        return publication;
    }

    private <T extends Struct> void follow(ApiResource<T> resource, String namespace, String name, WorkQueue<String> queue) {
        Informer<T> informer = informers.of(resource, namespace, ListOptions.fields("metadata.name=" + name));
        informer.addHandler(new Handler<>() {
            @Override
            public void added(T object) {
                queue.add(name);
            }

            @Override
            public void changed(T before, T after) {
                queue.add(name);
            }

            @Override
            public void deleted(T last) {
                queue.add(name);
            }
        });
    }

    private Outcome publish() {
        if (client.find(Service.RESOURCE, NAMESPACE, NAME) == null) {
            create(Service.RESOURCE, NAMESPACE, service());
        }
        if (!facts.address().isEmpty()) {
            publishEndpoints();
            publishSlice();
        }
        if (!facts.authentication().isEmpty()) {
            publishAuthentication();
        }
        return Outcome.DONE;
    }

    private void publishEndpoints() {
        Endpoints found = client.find(Endpoints.RESOURCE, NAMESPACE, NAME);
        Endpoints wanted = endpoints(found == null ? List.of() : found.subsets().stream().flatMap(s -> s.addresses().stream()).map(EndpointAddress::ip).toList());
        if (found == null) {
            create(Endpoints.RESOURCE, NAMESPACE, wanted);
        } else if (!found.subsets().equals(wanted.subsets())) {
            client.update(Endpoints.RESOURCE, NAMESPACE, found.withSubsets(wanted.subsets()));
        }
    }

    private void publishSlice() {
        EndpointSlice found = client.find(EndpointSlice.RESOURCE, NAMESPACE, NAME);
        EndpointSlice wanted = slice(found == null ? List.of() : found.endpoints().stream().flatMap(e -> e.addresses().stream()).toList());
        if (found == null) {
            create(EndpointSlice.RESOURCE, NAMESPACE, wanted);
        } else if (!found.endpoints().equals(wanted.endpoints()) || !found.ports().equals(wanted.ports())) {
            client.update(EndpointSlice.RESOURCE, NAMESPACE, found.withEndpoints(wanted.endpoints()).withPorts(wanted.ports()));
        }
    }

    private void publishAuthentication() {
        ConfigMap found = client.find(ConfigMap.RESOURCE, SYSTEM, AUTHENTICATION);
        if (found == null) {
            create(ConfigMap.RESOURCE, SYSTEM, ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(AUTHENTICATION).withNamespace(SYSTEM)).withData(facts.authentication()));
        } else if (!found.data().equals(facts.authentication())) {
            client.update(ConfigMap.RESOURCE, SYSTEM, found.withData(facts.authentication()));
        }
    }

    private <T extends Struct> void create(ApiResource<T> resource, String namespace, T object) {
        try {
            client.create(resource, namespace, object);
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
        }
    }

    private Service service() {
        ServicePort port = ServicePort.EMPTY.withName(PORT_NAME).withPort(SERVICE_PORT).withProtocol("TCP").withTargetPort(IntOrString.of(facts.port()));
        return Service.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName(NAME).withNamespace(NAMESPACE).withLabels(Map.of("provider", "kubernetes", "component", "apiserver")))
                .withSpec(ServiceSpec.EMPTY.withClusterIP(facts.serviceAddress()).withType(facts.nodePort() == 0 ? "ClusterIP" : "NodePort").withSessionAffinity("None")
                        .withIpFamilyPolicy("SingleStack").withPorts(List.of(facts.nodePort() == 0 ? port : port.withNodePort(facts.nodePort()))));
    }

    /// Ours, and those of servers beside us, in order.
    private List<String> addresses(List<String> published) {
        MasterLeases living = leases;
        if (living != null) {
            return List.copyOf(living.addresses());
        }
        TreeSet<String> all = new TreeSet<>(facts.shared() ? published : List.of());
        all.add(facts.address());
        return List.copyOf(all);
    }

    private Endpoints endpoints(List<String> published) {
        return Endpoints.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName(NAME).withNamespace(NAMESPACE).withLabels(Map.of("endpointslice.kubernetes.io/skip-mirror", "true")))
                .withSubsets(List.of(EndpointSubset.EMPTY.withAddresses(addresses(published).stream().map(EndpointAddress.EMPTY::withIp).toList())
                        .withPorts(List.of(EndpointPort.EMPTY.withName(PORT_NAME).withPort(facts.port()).withProtocol("TCP")))));
    }

    private EndpointSlice slice(List<String> published) {
        return EndpointSlice.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName(NAME).withNamespace(NAMESPACE).withLabels(Map.of("kubernetes.io/service-name", NAME)))
                .withAddressType(facts.address().indexOf(':') < 0 ? "IPv4" : "IPv6")
                .withEndpoints(addresses(published).stream().map(a -> Endpoint.EMPTY.withAddresses(List.of(a)).withConditions(EndpointConditions.EMPTY.withReady(true))).toList())
                .withPorts(List.of(io.j8s.model.discovery.v1.EndpointPort.EMPTY.withName(PORT_NAME).withPort(facts.port()).withProtocol("TCP")));
    }

    /// Takes this server's address away where others remain: pods are sent there. Whoever is the last stays published, as upstream leaves it.
    void withdraw() {
        loop.close();
        endLease();
        if (!facts.shared() || facts.address().isEmpty()) {
            return;
        }
        try {
            Endpoints endpoints = client.find(Endpoints.RESOURCE, NAMESPACE, NAME);
            List<EndpointAddress> others = endpoints == null || endpoints.subsets().isEmpty() ? List.of() : endpoints.subsets().getFirst().addresses().stream().filter(a -> !a.ip().equals(facts.address())).toList();
            if (endpoints != null && !others.isEmpty()) {
                client.update(Endpoints.RESOURCE, NAMESPACE, endpoints.withSubsets(List.of(endpoints.subsets().getFirst().withAddresses(others))));
            }
            EndpointSlice slice = client.find(EndpointSlice.RESOURCE, NAMESPACE, NAME);
            List<Endpoint> rest = slice == null ? List.of() : slice.endpoints().stream().filter(e -> !e.addresses().contains(facts.address())).toList();
            if (slice != null && !rest.isEmpty()) {
                client.update(EndpointSlice.RESOURCE, NAMESPACE, slice.withEndpoints(rest));
            }
        } catch (ApiException | StoreUnavailableException e) {
            LOG.warn("The endpoints of the service kubernetes keep this server's address: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        loop.close();
        informers.close();
        endLease();
    }

    private void endLease() {
        MasterLeases living = leases;
        if (living != null) {
            living.close();
        }
    }
}
