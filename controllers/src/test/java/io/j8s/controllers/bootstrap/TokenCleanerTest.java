package io.j8s.controllers.bootstrap;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.controllers.frame.Simulation;
import io.j8s.model.Bytes;
import io.j8s.model.core.v1.Secret;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TokenCleanerTest {

    @Test
    void tokensGoWhenTheyExpire() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(context -> new TokenCleaner(context, 1));
            create(simulation, "bootstrap-token-a", "2026-01-01T01:00:00Z");
            create(simulation, "bootstrap-token-b", "soon");
            create(simulation, "bootstrap-token-c", "");
            simulation.settle();
            assertThat(simulation.api.peek(Secret.RESOURCE, "kube-system")).hasSize(2);
            simulation.advance(Duration.ofHours(2));
            assertThat(simulation.api.peek(Secret.RESOURCE, "kube-system")).extracting(s -> s.metadata().name()).containsExactly("bootstrap-token-c");
        }
    }

    private static void create(Simulation simulation, String name, String expiration) {
        simulation.api.create(Secret.RESOURCE, "kube-system", Secret.EMPTY.withMetadata(named(name)).withType("bootstrap.kubernetes.io/token").withData(Map.of("expiration", Bytes.of(expiration))));
    }
}
