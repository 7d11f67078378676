package io.j8s.it.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.client.Watch;
import io.j8s.client.WatchEvent;
import io.j8s.model.core.v1.LoadBalancerIngress;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeAddress;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.testkit.J8s;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// The service loop under its own account, with the rights that upstream gives it.
class LoadBalancerTest {

    @Test
    void a_service_gets_the_addresses_of_the_nodes_and_goes_when_it_is_deleted() throws InterruptedException {
        try (J8s cluster = J8s.start()) {
            Client client = cluster.client();
            Service service = Service.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("web"))
                    .withSpec(s -> s.withType("LoadBalancer").withSelector(Map.of("app", "web")).withPorts(List.of(ServicePort.EMPTY.withPort(80))));
            client.create(Service.RESOURCE, "default", service);
            List<String> internal = client.get(Node.RESOURCE, "", "node").status().addresses().stream().filter(a -> a.type().equals("InternalIP")).map(NodeAddress::address).toList();
            Service balanced = await(client, s -> s instanceof WatchEvent.Modified<Service>(var object) && !object.status().loadBalancer().ingress().isEmpty());
            assertThat(balanced.status().loadBalancer().ingress()).extracting(LoadBalancerIngress::ip).isEqualTo(internal).isNotEmpty();
            assertThat(balanced.metadata().finalizers()).containsExactly("service.kubernetes.io/load-balancer-cleanup");
            client.delete(Service.RESOURCE, "default", "web", DeleteOptions.DEFAULT);
            await(client, s -> s instanceof WatchEvent.Deleted<Service>);
            assertThat(client.find(Service.RESOURCE, "default", "web")).isNull();
        }
    }

    /// The object of the first event of a watch of it that matches; a watch ends by itself after a minute.
    private static Service await(Client client, Predicate<WatchEvent<Service>> matches) throws InterruptedException {
        Service seen = client.find(Service.RESOURCE, "default", "web");
        if (seen == null || matches.test(new WatchEvent.Modified<>(seen))) {
            return seen == null ? Service.EMPTY : seen;
        }
        try (Watch<Service> watch = client.watch(Service.RESOURCE, "default", ListOptions.fields("metadata.name=web").from(seen.metadata().resourceVersion()).endingAfter(60))) {
            for (WatchEvent<Service> event = watch.next(); event != null; event = watch.next()) {
                if (matches.test(event)) {
                    return switch (event) {
                        case WatchEvent.Added<Service>(var object) -> object;
                        case WatchEvent.Modified<Service>(var object) -> object;
                        case WatchEvent.Deleted<Service>(var object) -> object;
                        case WatchEvent.Bookmark<Service> b -> throw new AssertionError("a bookmark matched");
                        case WatchEvent.Failed<Service>(var error) -> throw error;
                    };
                }
            }
        }
        throw new AssertionError("service web did not come to that state within a minute: " + client.find(Service.RESOURCE, "default", "web"));
    }
}
