package io.j8s.controllers.cloud;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.nodes.Taints;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.LoadBalancerIngress;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeAddress;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.core.v1.ServiceSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CloudLoopsTest {
    private final Simulation simulation = new Simulation(11);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void startBuiltIn(String pool) {
        node("n1", "192.0.2.1");
        node("n2", "192.0.2.2");
        simulation.start(context -> new ServiceController(context, new BuiltInCloud(context, AddressPool.parse(pool)), 1));
    }

    private void node(String name, String address) {
        Node node = simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named(name)));
        simulation.api.updateStatus(Node.RESOURCE, "", node.withStatus(s -> s.withAddresses(List.of(NodeAddress.EMPTY.withType("InternalIP").withAddress(address), NodeAddress.EMPTY.withType("Hostname").withAddress(name)))));
    }

    private void service(String name, int port, UnaryOperator<ServiceSpec> change) {
        ServiceSpec spec = ServiceSpec.EMPTY.withType("LoadBalancer").withIpFamilies(List.of("IPv4")).withSelector(Map.of("app", name)).withPorts(List.of(ServicePort.EMPTY.withPort(port).withProtocol("TCP")));
        simulation.api.create(Service.RESOURCE, "ns", Service.EMPTY.withMetadata(named(name)).withSpec(change.apply(spec)));
        simulation.settle();
    }

    private List<String> addresses(String name) {
        return simulation.api.get(Service.RESOURCE, "ns", name).status().loadBalancer().ingress().stream().map(LoadBalancerIngress::ip).toList();
    }

    @Test
    void services_get_addresses_of_their_own_from_the_pool_and_give_them_back() {
        startBuiltIn("198.51.100.10-198.51.100.11,2001:db8::/126");
        service("a", 80, s -> s);
        service("b", 80, s -> s.withIpFamilies(List.of("IPv4", "IPv6")));
        assertThat(addresses("a")).containsExactly("198.51.100.10");
        assertThat(addresses("b")).containsExactly("198.51.100.11", "2001:db8::");
        Service made = simulation.api.get(Service.RESOURCE, "ns", "a");
        assertThat(made.metadata().finalizers()).containsExactly("service.kubernetes.io/load-balancer-cleanup");
        assertThat(made.status().loadBalancer().ingress().getFirst().ipMode()).isEqualTo("VIP");
        assertThat(simulation.reasons("ns")).contains("EnsuringLoadBalancer", "EnsuredLoadBalancer");
        simulation.assertQuiet();
        service("c", 80, s -> s);
        assertThat(addresses("c")).isEmpty();
        assertThat(simulation.reasons("ns")).contains("SyncLoadBalancerFailed");
        simulation.api.delete(Service.RESOURCE, "ns", "a", DeleteOptions.DEFAULT);
        simulation.advance(Duration.ofMinutes(6));
        assertThat(simulation.api.peek(Service.RESOURCE, "ns")).extracting(s -> s.metadata().name()).containsExactly("b", "c");
        assertThat(addresses("c")).containsExactly("198.51.100.10");
        assertThat(simulation.reasons("ns")).contains("DeletingLoadBalancer", "DeletedLoadBalancer");
    }

    @Test
    void an_address_can_be_asked_for_and_other_classes_and_types_are_left_alone() {
        startBuiltIn("198.51.100.0/28");
        service("wish", 80, s -> s.withLoadBalancerIP("198.51.100.9"));
        service("taken", 80, s -> s.withLoadBalancerIP("198.51.100.9"));
        service("outside", 80, s -> s.withLoadBalancerIP("203.0.113.1"));
        service("foreign", 80, s -> s.withLoadBalancerClass("example.com/other"));
        assertThat(addresses("wish")).containsExactly("198.51.100.9");
        assertThat(addresses("taken")).isEmpty();
        assertThat(addresses("outside")).isEmpty();
        assertThat(simulation.api.get(Service.RESOURCE, "ns", "foreign").metadata().finalizers()).isEmpty();
        assertThat(simulation.api.peek(Event.RESOURCE, "ns")).anySatisfy(e -> assertThat(e.message()).startsWith("Error syncing load balancer: the address 203.0.113.1 "));
        Service wish = simulation.api.get(Service.RESOURCE, "ns", "wish");
        simulation.api.update(Service.RESOURCE, "ns", wish.withSpec(s -> s.withType("ClusterIP")));
        simulation.settle();
        assertThat(addresses("wish")).isEmpty();
        assertThat(simulation.api.get(Service.RESOURCE, "ns", "wish").metadata().finalizers()).isEmpty();
    }

    @Test
    void without_a_pool_the_nodes_addresses_serve_and_follow_the_nodes() {
        startBuiltIn("");
        service("web", 80, s -> s);
        assertThat(addresses("web")).containsExactly("192.0.2.1", "192.0.2.2");
        service("same-port", 80, s -> s);
        assertThat(addresses("same-port")).isEmpty();
        node("n3", "192.0.2.3");
        simulation.settle();
        assertThat(addresses("web")).containsExactly("192.0.2.1", "192.0.2.2", "192.0.2.3");
        simulation.api.update(Node.RESOURCE, "", simulation.api.get(Node.RESOURCE, "", "n1").withMetadata(m -> m.withLabels(Map.of("node.kubernetes.io/exclude-from-external-load-balancers", ""))));
        simulation.settle();
        assertThat(addresses("web")).containsExactly("192.0.2.2", "192.0.2.3");
        assertThat(simulation.reasons("ns")).contains("UpdatedLoadBalancer");
    }

    @Test
    void local_traffic_is_led_to_nodes_with_a_ready_pod_only() {
        startBuiltIn("");
        service("web", 80, s -> s.withExternalTrafficPolicy("Local"));
        assertThat(addresses("web")).isEmpty();
        Pod pod = simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named("p").withLabels(Map.of("app", "web"))).withSpec(s -> s.withNodeName("n2")));
        simulation.setReady(pod, true);
        simulation.settle();
        assertThat(addresses("web")).containsExactly("192.0.2.2");
        simulation.setReady(simulation.api.get(Pod.RESOURCE, "ns", "p"), false);
        simulation.settle();
        assertThat(addresses("web")).isEmpty();
    }

    @Test
    void a_new_node_is_initialized_and_one_without_a_machine_goes() {
        Machines machines = new Machines();
        simulation.start(context -> new CloudNodeController(context, machines, 1));
        simulation.start(context -> new CloudNodeLifecycleController(context, machines));
        simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named("new")).withSpec(s -> s.withTaints(List.of(Taints.of("node.cloudprovider.kubernetes.io/uninitialized", "NoSchedule")))));
        simulation.settle();
        Node node = simulation.api.get(Node.RESOURCE, "", "new");
        assertThat(node.spec().taints()).isEmpty();
        assertThat(node.spec().providerID()).isEqualTo("test://new");
        assertThat(node.metadata().labels()).containsEntry("topology.kubernetes.io/zone", "z").containsEntry("node.kubernetes.io/instance-type", "big");
        ready("new", "Unknown");
        machines.off.add("new");
        simulation.advance(Duration.ofSeconds(6));
        assertThat(simulation.api.get(Node.RESOURCE, "", "new").spec().taints()).extracting(t -> t.key()).containsExactly("node.cloudprovider.kubernetes.io/shutdown");
        ready("new", "True");
        simulation.advance(Duration.ofSeconds(6));
        assertThat(simulation.api.get(Node.RESOURCE, "", "new").spec().taints()).isEmpty();
        ready("new", "Unknown");
        machines.gone.add("new");
        simulation.advance(Duration.ofSeconds(6));
        assertThat(simulation.api.peek(Node.RESOURCE, "")).isEmpty();
    }

    @Test
    void each_range_of_pods_has_its_route_and_no_others() {
        Ways ways = new Ways();
        ways.routes.add(new CloudProvider.Routes.Route("gone", "10.42.9.0/24"));
        ways.routes.add(new CloudProvider.Routes.Route("foreign", "172.16.0.0/24"));
        simulation.start(context -> new RouteController(context, ways, List.of("10.42.0.0/16")));
        simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named("n")).withSpec(s -> s.withPodCIDRs(List.of("10.42.1.0/24"))));
        simulation.advance(Duration.ofSeconds(12));
        assertThat(ways.routes).containsExactlyInAnyOrder(new CloudProvider.Routes.Route("n", "10.42.1.0/24"), new CloudProvider.Routes.Route("foreign", "172.16.0.0/24"));
        assertThat(simulation.api.get(Node.RESOURCE, "", "n").status().conditions()).singleElement().satisfies(c -> {
            assertThat(c.type()).isEqualTo("NetworkUnavailable");
            assertThat(c.status()).isEqualTo("False");
            assertThat(c.reason()).isEqualTo("RouteCreated");
        });
        simulation.assertQuiet();
    }

    @Test
    void what_is_no_pool_is_refused_with_its_place() {
        assertThat(AddressPool.parse("192.0.2.0/30").contains("192.0.2.3")).isTrue();
        assertThat(AddressPool.parse("192.0.2.0/30").contains("192.0.2.4")).isFalse();
        assertThat(AddressPool.parse("2001:db8:0:0:1:0:0:5").firstFree("IPv6", address -> false)).isEqualTo("2001:db8::1:0:0:5");
        assertThatThrownBy(() -> AddressPool.parse("192.0.2.9-192.0.2.1")).hasMessageContaining("192.0.2.9-192.0.2.1");
        assertThatThrownBy(() -> AddressPool.parse("192.0.2.0/99")).hasMessageContaining("/32");
        assertThatThrownBy(() -> AddressPool.parse("example.com")).hasMessageContaining("not an IP address");
    }

    private void ready(String name, String status) {
        simulation.api.updateStatus(Node.RESOURCE, "", simulation.api.get(Node.RESOURCE, "", name).withStatus(s -> s.withConditions(List.of(NodeCondition.EMPTY.withType("Ready").withStatus(status)))));
    }

    /// A cloud with machines of which some are off or gone.
    private static final class Machines implements CloudProvider.Instances {
        private final List<String> off = new ArrayList<>();
        private final List<String> gone = new ArrayList<>();

        @Override
        public boolean exists(Node node) {
            return !gone.contains(node.metadata().name());
        }

        @Override
        public boolean shutDown(Node node) {
            return off.contains(node.metadata().name());
        }

        @Override
        public Metadata metadata(Node node) {
            return new Metadata("test://" + node.metadata().name(), "big", "z", "r", List.of(), Map.of());
        }
    }

    /// A cloud with routes.
    private static final class Ways implements CloudProvider.Routes {
        private final List<Route> routes = new ArrayList<>();

        @Override
        public List<Route> list() {
            return List.copyOf(routes);
        }

        @Override
        public void create(Route route) {
            routes.add(route);
        }

        @Override
        public void delete(Route route) {
            routes.remove(route);
        }
    }
}
