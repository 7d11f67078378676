package io.j8s.controllers.endpointslice;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.client.testing.Request;
import io.j8s.controllers.endpoint.EndpointsController;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.services.EndpointSettings;
import io.j8s.model.IntOrString;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ContainerPort;
import io.j8s.model.core.v1.Endpoints;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeCondition;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodIP;
import io.j8s.model.core.v1.Service;
import io.j8s.model.core.v1.ServicePort;
import io.j8s.model.core.v1.ServiceSpec;
import io.j8s.model.discovery.v1.Endpoint;
import io.j8s.model.discovery.v1.EndpointSlice;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndpointSliceControllerTest {
    private static final Map<String, String> LABELS = Map.of("app", "web");

    private final Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start() {
        simulation.start(context -> new EndpointSliceController(context, EndpointSettings.DEFAULT, 5));
        simulation.start(context -> new EndpointsController(context, EndpointSettings.DEFAULT, 5));
    }

    @Test
    void aServiceWithoutPodsHasAnEmptySliceAndEmptyEndpoints() {
        start();
        service(s -> s);
        simulation.settle();
        assertThat(slices()).singleElement().satisfies(slice -> {
            assertThat(slice.endpoints()).isEmpty();
            assertThat(slice.metadata().labels()).containsEntry("kubernetes.io/service-name", "web").containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io");
            assertThat(slice.metadata().ownerReferences()).singleElement().satisfies(owner -> assertThat(owner.kind()).isEqualTo("Service"));
            assertThat(slice.addressType()).isEqualTo("IPv4");
        });
        assertThat(endpoints().subsets()).isEmpty();
        simulation.assertQuiet();
    }

    @Test
    void podsAppearWithTheirConditionsAndVanish() {
        start();
        service(s -> s);
        simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named("node-1").withLabels(Map.of("topology.kubernetes.io/zone", "z1"))));
        pod("a", "10.0.0.1", 8080, true);
        pod("b", "10.0.0.2", 8080, false);
        simulation.settle();
        EndpointSlice slice = slices().getFirst();
        assertThat(slice.ports()).singleElement().satisfies(port -> {
            assertThat(port.port()).isEqualTo(8080);
            assertThat(port.name()).isEqualTo("http");
        });
        Endpoint a = endpoint("10.0.0.1");
        assertThat(a.conditions().ready()).isTrue();
        assertThat(a.zone()).isEqualTo("z1");
        assertThat(a.nodeName()).isEqualTo("node-1");
        assertThat(a.targetRef().name()).isEqualTo("a");
        assertThat(endpoint("10.0.0.2").conditions().ready()).isFalse();
        assertThat(endpoints().subsets()).singleElement().satisfies(subset -> {
            assertThat(subset.addresses()).extracting(x -> x.ip()).containsExactly("10.0.0.1");
            assertThat(subset.notReadyAddresses()).extracting(x -> x.ip()).containsExactly("10.0.0.2");
        });
        simulation.api.delete(Pod.RESOURCE, "ns", "a", DeleteOptions.DEFAULT);
        simulation.settle();
        assertThat(endpoint("10.0.0.1").conditions().terminating()).isTrue();
        assertThat(endpoint("10.0.0.1").conditions().serving()).isTrue();
        assertThat(endpoint("10.0.0.1").conditions().ready()).isFalse();
        simulation.finishDeletions("ns");
        simulation.settle();
        assertThat(slices().getFirst().endpoints()).hasSize(1);
        simulation.assertQuiet();
    }

    @Test
    void slicesHoldAHundredAndChangesTouchFewOfThem() {
        start();
        service(s -> s);
        for (int i = 0; i < 250; i++) {
            pod("p" + i, "10.0." + i / 200 + "." + i % 200, 8080, true);
        }
        simulation.settle();
        assertThat(slices().stream().mapToInt(s -> s.endpoints().size()).sum()).isEqualTo(250);
        assertThat(slices()).allSatisfy(slice -> assertThat(slice.endpoints()).hasSizeLessThanOrEqualTo(100));
        simulation.api.takeRequests();
        simulation.api.delete(Pod.RESOURCE, "ns", "p7", DeleteOptions.DEFAULT.after(0));
        simulation.settle();
        assertThat(simulation.api.takeWrites()).filteredOn(r -> r.resource().plural().equals("endpointslices")).hasSize(1);
        simulation.assertQuiet();
    }

    @Test
    void podsWithOtherNumbersForANamedPortGetOtherSlices() {
        start();
        service(s -> s.withPorts(List.of(ServicePort.EMPTY.withName("http").withPort(80).withProtocol("TCP").withTargetPort(IntOrString.of("web")))));
        pod("a", "10.0.0.1", 8080, true);
        pod("b", "10.0.0.2", 9090, true);
        simulation.settle();
        assertThat(slices()).hasSize(2).extracting(s -> s.ports().getFirst().port()).containsExactlyInAnyOrder(8080, 9090);
        assertThat(endpoints().subsets()).hasSize(2);
        simulation.assertQuiet();
    }

    @Test
    void closeTrafficIsHinted() {
        start();
        simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named("node-1").withLabels(Map.of("topology.kubernetes.io/zone", "z1"))));
        service(s -> s.withTrafficDistribution("PreferSameNode"));
        pod("a", "10.0.0.1", 8080, true);
        simulation.settle();
        assertThat(endpoint("10.0.0.1").hints().forZones().getFirst().name()).isEqualTo("z1");
        assertThat(endpoint("10.0.0.1").hints().forNodes().getFirst().name()).isEqualTo("node-1");
    }

    @Test
    void withTopologyModeAutoEachZoneGetsEndpointsByItsShareOfProcessors() {
        start();
        zone("node-1", "z1", 6);
        zone("node-2", "z2", 3);
        for (int i = 0; i < 9; i++) {
            pod("p" + i, "10.0.0." + (i + 1), 8080, true); // all on node-1
        }
        service(s -> s);
        Service known = simulation.api.get(Service.RESOURCE, "ns", "web");
        simulation.api.update(Service.RESOURCE, "ns", known.withMetadata(m -> m.withAnnotations(Map.of("service.kubernetes.io/topology-mode", "Auto"))));
        simulation.settle();
        assertThat(slices().getFirst().endpoints()).extracting(e -> e.hints().forZones().getFirst().name()).containsOnly("z1", "z2").filteredOn("z2"::equals).hasSize(3);
        simulation.assertQuiet();
        Node second = simulation.api.get(Node.RESOURCE, "", "node-2");
        simulation.api.updateStatus(Node.RESOURCE, "", second.withStatus(s -> s.withAllocatable(Map.of("cpu", Quantity.of(12)))));
        simulation.settle();
        assertThat(slices().getFirst().endpoints()).extracting(e -> e.hints().forZones().getFirst().name()).filteredOn("z2"::equals).hasSize(6);
        simulation.api.delete(Node.RESOURCE, "", "node-2", DeleteOptions.DEFAULT);
        simulation.settle();
        assertThat(slices().getFirst().endpoints()).allSatisfy(e -> assertThat(e.hasHints()).isFalse());
    }

    private void zone(String node, String zone, int cpu) {
        Node made = simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named(node).withLabels(Map.of("topology.kubernetes.io/zone", zone))));
        simulation.api.updateStatus(Node.RESOURCE, "", made.withStatus(s -> s.withAllocatable(Map.of("cpu", Quantity.of(cpu))).withConditions(List.of(NodeCondition.EMPTY.withType("Ready").withStatus("True")))));
    }

    @Test
    void servicesWithoutASelectorAreLeftAlone() {
        start();
        service(s -> s.withoutSelector());
        pod("a", "10.0.0.1", 8080, true);
        simulation.settle();
        assertThat(slices()).isEmpty();
        assertThat(simulation.api.peek(Endpoints.RESOURCE, "ns")).isEmpty();
    }

    @Test
    void slicesAndEndpointsThatWereTamperedWithAreRestoredAndEndpointsEndWithTheService() {
        start();
        service(s -> s);
        pod("a", "10.0.0.1", 8080, true);
        simulation.settle();
        EndpointSlice slice = slices().getFirst();
        simulation.api.update(EndpointSlice.RESOURCE, "ns", slice.withEndpoints(List.of()));
        simulation.api.update(Endpoints.RESOURCE, "ns", endpoints().withoutSubsets());
        simulation.settle();
        assertThat(slices().getFirst().endpoints()).hasSize(1);
        assertThat(endpoints().subsets()).hasSize(1);
        simulation.api.delete(Service.RESOURCE, "ns", "web", DeleteOptions.DEFAULT);
        simulation.settle();
        assertThat(simulation.api.peek(Endpoints.RESOURCE, "ns")).isEmpty();
        assertThat(simulation.api.takeWrites()).extracting(Request::verb).isNotEmpty();
    }

    private void service(java.util.function.UnaryOperator<ServiceSpec> change) {
        ServiceSpec spec = ServiceSpec.EMPTY
                .withSelector(LABELS)
                .withClusterIP("10.96.0.7")
                .withIpFamilies(List.of("IPv4"))
                .withPorts(List.of(ServicePort.EMPTY.withName("http").withPort(80).withProtocol("TCP").withTargetPort(IntOrString.of(8080))));
        simulation.api.create(Service.RESOURCE, "ns", Service.EMPTY.withMetadata(named("web")).withSpec(change.apply(spec)));
    }

    private void pod(String name, String ip, int port, boolean ready) {
        Container container = Container.EMPTY.withName("web").withPorts(List.of(ContainerPort.EMPTY.withName("web").withContainerPort(port).withProtocol("TCP")));
        Pod pod = simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named(name).withLabels(LABELS)).withSpec(s -> s.withNodeName("node-1").withContainers(List.of(container))));
        simulation.setReady(pod, ready);
        Pod latest = simulation.api.get(Pod.RESOURCE, "ns", name);
        simulation.api.updateStatus(Pod.RESOURCE, "ns", latest.withStatus(s -> s.withPodIP(ip).withPodIPs(List.of(PodIP.EMPTY.withIp(ip)))));
    }

    private List<EndpointSlice> slices() {
        return simulation.api.peek(EndpointSlice.RESOURCE, "ns");
    }

    private Endpoints endpoints() {
        return simulation.api.peek(Endpoints.RESOURCE, "ns").getFirst();
    }

    private Endpoint endpoint(String ip) {
        return slices().stream().flatMap(s -> s.endpoints().stream()).filter(e -> e.addresses().contains(ip)).findFirst().orElseThrow();
    }
}
