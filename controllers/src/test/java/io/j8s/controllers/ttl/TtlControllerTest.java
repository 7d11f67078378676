package io.j8s.controllers.ttl;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.controllers.frame.Simulation;
import io.j8s.model.core.v1.Node;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TtlControllerTest {
    private static final String ANNOTATION = "node.alpha.kubernetes.io/ttl";

    private static Set<String> seconds(Simulation simulation) {
        return simulation.api.peek(Node.RESOURCE, "").stream().map(node -> node.metadata().annotations().getOrDefault(ANNOTATION, "none")).collect(Collectors.toSet());
    }

    @Test
    void kubelets_of_larger_clusters_keep_what_they_read_for_longer_and_sizes_overlap() {
        try (Simulation simulation = new Simulation(3)) {
            simulation.start(context -> new TtlController(context, 5));
            for (int i = 0; i < 100; i++) {
                simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named("n" + i)));
            }
            simulation.settle();
            assertThat(seconds(simulation)).containsExactly("0");
            simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named("one-more")));
            simulation.settle();
            assertThat(seconds(simulation)).containsExactly("15");
            simulation.api.delete(Node.RESOURCE, "", "one-more", DeleteOptions.DEFAULT);
            simulation.settle();
            assertThat(seconds(simulation)).as("only below 90 it is small again").containsExactly("15");
            for (int i = 0; i < 11; i++) {
                simulation.api.delete(Node.RESOURCE, "", "n" + i, DeleteOptions.DEFAULT);
            }
            simulation.settle();
            assertThat(seconds(simulation)).containsExactly("0");
            simulation.assertQuiet();
        }
    }
}
