package io.j8s.controllers.endpointslicemirroring;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.services.EndpointSettings;
import io.j8s.model.core.v1.EndpointAddress;
import io.j8s.model.core.v1.EndpointPort;
import io.j8s.model.core.v1.EndpointSubset;
import io.j8s.model.core.v1.Endpoints;
import io.j8s.model.core.v1.Service;
import io.j8s.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EndpointSliceMirroringControllerTest {

    @Test
    void endpointsOfAServiceWithoutASelectorAreMirrored() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(context -> new EndpointSliceMirroringController(context, EndpointSettings.DEFAULT, 5));
            simulation.api.create(Service.RESOURCE, "ns", Service.EMPTY.withMetadata(named("s")));
            EndpointSubset subset = EndpointSubset.EMPTY
                    .withAddresses(List.of(EndpointAddress.EMPTY.withIp("10.1.2.3")))
                    .withPorts(List.of(EndpointPort.EMPTY.withName("http").withPort(80).withProtocol("TCP")));
            Endpoints endpoints = simulation.api.create(Endpoints.RESOURCE, "ns", Endpoints.EMPTY.withMetadata(named("s")).withSubsets(List.of(subset)));
            simulation.settle();
            assertThat(slices(simulation)).singleElement().satisfies(slice -> {
                assertThat(slice.metadata().labels()).containsEntry("endpointslice.kubernetes.io/managed-by", "endpointslicemirroring-controller.k8s.io");
                assertThat(slice.endpoints().getFirst().addresses()).containsExactly("10.1.2.3");
                assertThat(slice.ports().getFirst().port()).isEqualTo(80);
            });
            simulation.assertQuiet();
            simulation.api.update(Endpoints.RESOURCE, "ns", endpoints.withSubsets(List.of(subset.withAddresses(List.of(EndpointAddress.EMPTY.withIp("10.2.3.4"))))));
            simulation.settle();
            assertThat(slices(simulation).getFirst().endpoints().getFirst().addresses()).containsExactly("10.2.3.4");
            simulation.api.delete(Endpoints.RESOURCE, "ns", "s", DeleteOptions.DEFAULT);
            simulation.settle();
            assertThat(slices(simulation)).isEmpty();
        }
    }

    @Test
    void whatIsNotToBeMirroredIsNot() {
        try (Simulation simulation = new Simulation(2)) {
            simulation.start(context -> new EndpointSliceMirroringController(context, EndpointSettings.DEFAULT, 5));
            EndpointSubset subset = EndpointSubset.EMPTY.withAddresses(List.of(EndpointAddress.EMPTY.withIp("10.1.2.3")));
            simulation.api.create(Service.RESOURCE, "ns", Service.EMPTY.withMetadata(named("selecting")).withSpec(s -> s.withSelector(Map.of("app", "web"))));
            simulation.api.create(Endpoints.RESOURCE, "ns", Endpoints.EMPTY.withMetadata(named("selecting")).withSubsets(List.of(subset)));
            simulation.api.create(Endpoints.RESOURCE, "ns", Endpoints.EMPTY.withMetadata(named("without-service")).withSubsets(List.of(subset)));
            for (String name : List.of("skipped", "leader")) {
                simulation.api.create(Service.RESOURCE, "ns", Service.EMPTY.withMetadata(named(name)));
            }
            simulation.api.create(Endpoints.RESOURCE, "ns", Endpoints.EMPTY.withMetadata(named("skipped").withLabels(Map.of("endpointslice.kubernetes.io/skip-mirror", "true"))).withSubsets(List.of(subset)));
            simulation.api.create(Endpoints.RESOURCE, "ns", Endpoints.EMPTY.withMetadata(named("leader").withAnnotations(Map.of("control-plane.alpha.kubernetes.io/leader", "{}"))).withSubsets(List.of(subset)));
            simulation.assertQuiet();
            assertThat(slices(simulation)).isEmpty();
        }
    }

    @Test
    void noMoreThanSoManyAddressesAreMirroredAndOnlyAfterAWhile() {
        try (Simulation simulation = new Simulation(3)) {
            EndpointSettings settings = new EndpointSettings(Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1), 100, 2);
            simulation.start(context -> new EndpointSliceMirroringController(context, settings, 5));
            simulation.api.create(Service.RESOURCE, "ns", Service.EMPTY.withMetadata(named("s")));
            simulation.settle();
            List<EndpointAddress> addresses = List.of(EndpointAddress.EMPTY.withIp("10.0.0.1"), EndpointAddress.EMPTY.withIp("10.0.0.2"), EndpointAddress.EMPTY.withIp("10.0.0.3"));
            simulation.api.create(Endpoints.RESOURCE, "ns", Endpoints.EMPTY.withMetadata(named("s")).withSubsets(List.of(EndpointSubset.EMPTY.withAddresses(addresses))));
            simulation.advance(Duration.ofSeconds(50));
            assertThat(slices(simulation)).isEmpty();
            simulation.advance(Duration.ofSeconds(20));
            assertThat(slices(simulation)).singleElement().satisfies(slice -> assertThat(slice.endpoints()).hasSize(2));
        }
    }

    private static List<EndpointSlice> slices(Simulation simulation) {
        return simulation.api.peek(EndpointSlice.RESOURCE, "ns");
    }
}
