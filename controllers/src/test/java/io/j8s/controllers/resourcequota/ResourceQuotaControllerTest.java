package io.j8s.controllers.resourcequota;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceQuota;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResourceQuotaControllerTest {
    private final Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start(Map<String, String> hard, String... scopes) {
        simulation.api.serve(Secret.RESOURCE);
        simulation.start(context -> new ResourceQuotaController(context, Duration.ofMinutes(5), 5));
        Map<String, Quantity> amounts = new TreeMap<>();
        hard.forEach((name, amount) -> amounts.put(name, Quantity.parse(amount)));
        simulation.api.create(ResourceQuota.RESOURCE, "ns", ResourceQuota.EMPTY.withMetadata(named("q")).withSpec(s -> s.withHard(amounts).withScopes(List.of(scopes))));
        simulation.settle();
    }

    @Test
    void whatPodsServicesAndSecretsUseIsCountedAndGivenBack() {
        start(Map.of("pods", "10", "requests.cpu", "4", "limits.memory", "8Gi", "services", "5", "secrets", "5", "count/secrets", "5"));
        pod("a", "500m", "1Gi");
        pod("b", "250m", "2Gi");
        simulation.api.create(Service.RESOURCE, "ns", Service.EMPTY.withMetadata(named("s")));
        simulation.api.create(Secret.RESOURCE, "ns", Secret.EMPTY.withMetadata(named("t")));
        simulation.settle();
        assertThat(used()).containsEntry("pods", "2").containsEntry("requests.cpu", "750m").containsEntry("limits.memory", "3Gi").containsEntry("services", "1");
        simulation.advance(java.time.Duration.ofMinutes(6));
        assertThat(used()).containsEntry("secrets", "1").containsEntry("count/secrets", "1");
        simulation.setPhase(simulation.pods("ns").getFirst(), "Succeeded");
        simulation.settle();
        assertThat(used()).containsEntry("pods", "1").containsEntry("requests.cpu", "250m");
        simulation.api.delete(Pod.RESOURCE, "ns", "b", DeleteOptions.DEFAULT);
        simulation.settle();
        assertThat(used()).containsEntry("pods", "0").containsEntry("requests.cpu", "0");
        simulation.assertQuiet();
    }

    @Test
    void scopesChooseThePods() {
        start(Map.of("pods", "10"), "BestEffort");
        pod("a", "500m", "1Gi");
        simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named("plain")).withSpec(s -> s.withContainers(List.of(Container.EMPTY.withName("c")))));
        simulation.advance(java.time.Duration.ofMinutes(6)); // nobody charges in this API: the full count finds them
        assertThat(used()).containsEntry("pods", "1");
    }

    private void pod(String name, String cpu, String memory) {
        Container container = Container.EMPTY.withName("c").withResources(r -> r.withRequests(Map.of("cpu", Quantity.parse(cpu))).withLimits(Map.of("memory", Quantity.parse(memory))));
        simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named(name)).withSpec(s -> s.withContainers(List.of(container))));
    }

    private Map<String, String> used() {
        Map<String, String> used = new TreeMap<>();
        simulation.api.peek(ResourceQuota.RESOURCE, "ns").getFirst().status().used().forEach((name, amount) -> used.put(name, amount.toString()));
        return used;
    }
}
