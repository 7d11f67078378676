package io.j8s.controllers.replicaset;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.client.testing.Refusals;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.ReplicaSetSpec;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.core.v1.ReplicationController;
import io.j8s.model.core.v1.ReplicationControllerSpec;
import io.j8s.model.meta.v1.LabelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplicaSetControllerTest {
    private static final Map<String, String> LABELS = Map.of("app", "web");

    private final Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    @Test
    void createsPodsFromTheTemplateAndReportsThem() {
        start();
        create("web", 3);
        simulation.run(() -> simulation.pods("ns").size() == 3);
        simulation.makeReady("ns");
        simulation.settle();
        assertThat(simulation.pods("ns")).allSatisfy(pod -> {
            assertThat(pod.metadata().name()).startsWith("web-");
            assertThat(pod.metadata().labels()).isEqualTo(LABELS);
            assertThat(pod.metadata().ownerReferences()).singleElement().satisfies(owner -> {
                assertThat(owner.kind()).isEqualTo("ReplicaSet");
                assertThat(owner.controller()).isTrue();
                assertThat(owner.blockOwnerDeletion()).isTrue();
            });
        });
        ReplicaSet set = get("web");
        assertThat(set.status().replicas()).isEqualTo(3);
        assertThat(set.status().readyReplicas()).isEqualTo(3);
        assertThat(set.status().availableReplicas()).isEqualTo(3);
        assertThat(set.status().observedGeneration()).isEqualTo(1);
        assertThat(simulation.reasons("ns")).containsOnly("SuccessfulCreate").hasSize(3);
        simulation.assertQuiet();
    }

    @Test
    void deletesTheLeastUsefulPodsFirst() {
        start();
        create("web", 4);
        simulation.run(() -> simulation.pods("ns").size() == 4);
        List<Pod> pods = simulation.pods("ns");
        simulation.makeReady(pods.get(0));
        simulation.makeReady(pods.get(2));
        simulation.settle();
        scale("web", 2);
        simulation.settle();
        assertThat(simulation.pods("ns", Pods::active)).extracting(p -> p.metadata().name()).containsExactly(pods.get(0).metadata().name(), pods.get(2).metadata().name());
        simulation.assertQuiet();
    }

    @Test
    void replacesPodsThatFailOrVanish() {
        start();
        create("web", 2);
        simulation.run(() -> simulation.pods("ns").size() == 2);
        simulation.makeReady("ns");
        simulation.setPhase(simulation.pods("ns").getFirst(), "Failed");
        simulation.run(() -> simulation.pods("ns", Pods::active).size() == 2);
        Pod active = simulation.pods("ns", Pods::active).getFirst();
        simulation.api.delete(Pod.RESOURCE, "ns", active.metadata().name(), DeleteOptions.DEFAULT.after(0));
        simulation.run(() -> simulation.pods("ns", Pods::active).size() == 2);
        simulation.assertQuiet();
    }

    @Test
    void terminatingPodsAreCountedApart() {
        start();
        create("web", 2);
        simulation.run(() -> simulation.pods("ns").size() == 2);
        simulation.makeReady("ns");
        simulation.settle();
        scale("web", 1);
        simulation.settle();
        assertThat(get("web").status().replicas()).isEqualTo(1);
        assertThat(get("web").status().terminatingReplicas()).isEqualTo(1);
        simulation.finishDeletions("ns");
        simulation.settle();
        assertThat(get("web").status().terminatingReplicas()).isZero();
    }

    @Test
    void aRefusedCreationIsReportedAndTriedAgain() {
        simulation.api.faults(request -> request.verb().equals("create") && request.resource().plural().equals("pods") ? Refusals.refusal(403, "Forbidden", "exceeded quota") : null);
        start();
        create("web", 10);
        simulation.advance(Duration.ofMillis(100));
        assertThat(get("web").status().conditions()).singleElement().satisfies(condition -> {
            assertThat(condition.type()).isEqualTo("ReplicaFailure");
            assertThat(condition.reason()).isEqualTo("FailedCreate");
            assertThat(condition.message()).contains("exceeded quota");
        });
        assertThat(simulation.api.takeRequests().stream().filter(r -> r.toString().startsWith("create pods"))).hasSizeLessThan(10);
        simulation.api.faults(request -> null);
        simulation.run(() -> simulation.pods("ns").size() == 10);
        simulation.settle();
        assertThat(get("web").status().conditions()).isEmpty();
        assertThat(simulation.reasons("ns")).contains("FailedCreate");
        simulation.assertQuiet();
    }

    @Test
    void availabilityComesWithTime() {
        start();
        simulation.api.create(ReplicaSet.RESOURCE, "ns", replicaSet("web", 1).withSpec(s -> s.withMinReadySeconds(30)));
        simulation.run(() -> simulation.pods("ns").size() == 1);
        simulation.makeReady("ns");
        simulation.advance(Duration.ofSeconds(29));
        assertThat(get("web").status().readyReplicas()).isEqualTo(1);
        assertThat(get("web").status().availableReplicas()).isZero();
        simulation.advance(Duration.ofSeconds(2));
        assertThat(get("web").status().availableReplicas()).isEqualTo(1);
        simulation.assertQuiet();
    }

    @Test
    void aSetThatIsBeingDeletedMakesNoPods() {
        start();
        simulation.api.create(ReplicaSet.RESOURCE, "ns", replicaSet("web", 0).withMetadata(m -> m.withFinalizers(List.of("test/hold"))));
        simulation.settle();
        simulation.api.delete(ReplicaSet.RESOURCE, "ns", "web", DeleteOptions.DEFAULT);
        scale("web", 3);
        simulation.settle();
        assertThat(simulation.pods("ns")).isEmpty();
    }

    @Test
    void neverMakesTooManyPodsHoweverSlowAndUnreliableTheServerIs() {
        for (long seed = 1; seed <= 15; seed++) {
            neverMakesTooMany(seed);
        }
    }

    private static void neverMakesTooMany(long seed) {
        try (Simulation simulation = new Simulation(seed)) {
            simulation.api.create(ReplicaSet.RESOURCE, "ns", replicaSet("web", 20));
            simulation.api.latency(() -> Duration.ofMillis(simulation.time.random().nextInt(50)));
            simulation.api.faults(request -> request.writes() && simulation.time.random().nextInt(5) == 0 ? Refusals.unavailable() : null);
            simulation.start(context -> ReplicaSetController.ofReplicaSets(context, 5));
            simulation.time.start("breaker", () -> {
                for (int i = 0; i < 20; i++) {
                    simulation.time.sleep(Duration.ofMillis(simulation.time.random().nextInt(300)));
                    simulation.api.breakWatches(Refusals.unavailable());
                }
            });
            int[] most = {0};
            simulation.time.start("observer", () -> {
                while (true) {
                    simulation.time.sleep(Duration.ofMillis(10));
                    most[0] = Math.max(most[0], simulation.pods("ns", Pods::active).size());
                }
            });
            simulation.advance(Duration.ofMinutes(30));
            simulation.api.latency(() -> Duration.ZERO);
            assertThat(simulation.pods("ns")).as("seed %s", seed).hasSize(20);
            assertThat(most[0]).as("seed %s", seed).isEqualTo(20);
        }
    }

    @Test
    void replicationControllersAreKeptTheSameWay() {
        simulation.start(context -> ReplicaSetController.ofReplicationControllers(context, 5));
        ReplicationControllerSpec spec = ReplicationControllerSpec.EMPTY.withReplicas(2).withSelector(LABELS).withTemplate(template());
        simulation.api.create(ReplicationController.RESOURCE, "ns", ReplicationController.EMPTY.withMetadata(named("old")).withSpec(spec));
        simulation.run(() -> simulation.pods("ns").size() == 2);
        simulation.makeReady("ns");
        simulation.settle();
        assertThat(simulation.api.get(ReplicationController.RESOURCE, "ns", "old").status().availableReplicas()).isEqualTo(2);
        simulation.assertQuiet();
    }

    private void start() {
        simulation.start(context -> ReplicaSetController.ofReplicaSets(context, 5));
    }

    private ReplicaSet get(String name) {
        return simulation.api.get(ReplicaSet.RESOURCE, "ns", name);
    }

    private void create(String name, int replicas) {
        simulation.api.create(ReplicaSet.RESOURCE, "ns", replicaSet(name, replicas));
    }

    private void scale(String name, int replicas) {
        simulation.api.update(ReplicaSet.RESOURCE, "ns", get(name).withSpec(s -> s.withReplicas(replicas)));
    }

    private static ReplicaSet replicaSet(String name, int replicas) {
        return ReplicaSet.EMPTY
                .withMetadata(named(name))
                .withSpec(ReplicaSetSpec.EMPTY.withReplicas(replicas).withSelector(LabelSelector.EMPTY.withMatchLabels(LABELS)).withTemplate(template()));
    }

    private static PodTemplateSpec template() {
        return PodTemplateSpec.EMPTY.withMetadata(m -> m.withLabels(LABELS)).withSpec(s -> s.withContainers(List.of(Container.EMPTY.withName("web").withImage("web"))));
    }
}
