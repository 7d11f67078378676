package io.j8s.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.apps.v1.DaemonSet;
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

    /// `-Dj8s.nodes=N` for another size (`bin/soak`: 1,000).
    @Test
    void nodes_of_a_large_cluster_fail_and_their_pods_come_back_elsewhere() {
        int nodes = Integer.getInteger("j8s.nodes", 300);
        int failing = nodes / 100;
        try (SimulatedCluster cluster = SimulatedCluster.start(3, nodes)) {
            cluster.client().create(DaemonSet.RESOURCE, "default", Workloads.daemonSet("agent"));
            cluster.client().create(Deployment.RESOURCE, "default", Workloads.deployment("web", nodes * 3));
            cluster.run(() -> ready(cluster, "web") == nodes * 3 && ready(cluster, "agent") == nodes, Duration.ofMinutes(5));
            cluster.disturb(Faults.SOME);
            for (int i = 0; i < failing; i++) {
                cluster.fail("node-" + i * 10);
            }
            cluster.restartControllers();
            cluster.run(() -> ready(cluster, "web") < nodes * 3, Duration.ofMinutes(5));
            cluster.disturb(Faults.NONE);
            cluster.run(() -> ready(cluster, "web") == nodes * 3 && ready(cluster, "agent") == nodes - failing, Duration.ofMinutes(30)); // nodes are cleared at 0.1 a second
        }
    }

    private static int ready(SimulatedCluster cluster, String app) {
        return app.equals("web") ? cluster.client().get(Deployment.RESOURCE, "default", app).status().readyReplicas() : cluster.client().get(DaemonSet.RESOURCE, "default", app).status().numberReady();
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
