package io.j8s.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.core.v1.Pod;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulatedClusterTest {
    @Test
    void hours_pass_in_a_moment_and_a_deployment_is_rolled_out() {
        try (SimulatedCluster cluster = SimulatedCluster.start(1, 3)) {
            cluster.client().create(Deployment.RESOURCE, "default", Workloads.deployment("web", 5));
            cluster.run(() -> cluster.client().list(Pod.RESOURCE, "default").stream().filter(p -> p.status().phase().equals("Running")).count() == 5, Duration.ofMinutes(1));
            cluster.advance(Duration.ofHours(1));
            assertThat(cluster.client().get(Deployment.RESOURCE, "default", "web").status().readyReplicas()).isEqualTo(5);
        }
    }

    private static long fingerprint(long seed) {
        try (SimulatedCluster cluster = SimulatedCluster.start(seed, 3)) {
            cluster.client().create(Deployment.RESOURCE, "default", Workloads.deployment("web", 5));
            cluster.advance(Duration.ofMinutes(5));
            return cluster.time().fingerprint();
        }
    }

    @Test
    void the_same_seed_gives_the_same_run() {
        assertThat(fingerprint(7)).isEqualTo(fingerprint(7)).isNotEqualTo(fingerprint(8));
    }
}
