package io.j8s.controllers.nodeipam;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.core.v1.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeIpamControllerTest {

    @Test
    void everyNodeGetsItsOwnRangeAndGivesItBack() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named("old")).withSpec(s -> s.withPodCIDR("10.244.0.0/24").withPodCIDRs(List.of("10.244.0.0/24"))));
            NodeIpamSettings settings = new NodeIpamSettings(true, List.of("10.244.0.0/22", "fd00:10::/60"), 24, 64, List.of());
            simulation.start(context -> new NodeIpamController(context, settings));
            for (String name : List.of("a", "b", "c", "d")) {
                simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named(name)));
                simulation.settle();
            }
            assertThat(ranges(simulation, "a")).containsExactly("10.244.1.0/24", "fd00:10::/64");
            assertThat(ranges(simulation, "b")).containsExactly("10.244.2.0/24", "fd00:10:0:1::/64");
            assertThat(ranges(simulation, "c")).hasSize(2);
            assertThat(ranges(simulation, "d")).isEmpty();
            simulation.api.delete(Node.RESOURCE, "", "b", DeleteOptions.DEFAULT);
            simulation.advance(java.time.Duration.ofMinutes(20));
            assertThat(ranges(simulation, "d")).first().isEqualTo("10.244.2.0/24");
        }
    }

    @Test
    void whatCannotBeDividedIsRefused() {
        assertThatThrownBy(() -> new CidrSet("10.244.0.0/25", 24, 64)).hasMessageContaining("/24");
        assertThatThrownBy(() -> new CidrSet("pods", 24, 64)).hasMessageContaining("10.244.0.0/16");
        assertThatThrownBy(() -> new NodeIpamSettings(true, List.of(), 24, 64, List.of())).hasMessageContaining("cluster CIDR");
    }

    private static List<String> ranges(Simulation simulation, String name) {
        return simulation.api.get(Node.RESOURCE, "", name).spec().podCIDRs();
    }

    @Test
    void noNodeGetsAPartOfTheServicesRange() {
        try (Simulation simulation = new Simulation(2)) {
            simulation.start(context -> new NodeIpamController(context, new NodeIpamSettings(true, List.of("10.96.0.0/22"), 24, 64, List.of("10.96.1.128/25", "10.96.0.0/24"))));
            for (String name : List.of("a", "b")) {
                simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named(name)));
                simulation.settle();
            }
            assertThat(ranges(simulation, "a")).containsExactly("10.96.2.0/24");
            assertThat(ranges(simulation, "b")).containsExactly("10.96.3.0/24");
        }
    }
}
