package io.j8s.controllers.statefulset;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.testing.Refusals;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.apps.v1.RollingUpdateStatefulSetStrategy;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy;
import io.j8s.model.apps.v1.StatefulSetSpec;
import io.j8s.model.apps.v1.StatefulSetUpdateStrategy;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.LabelSelector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StatefulSetControllerTest {
    private static final Map<String, String> LABELS = Map.of("app", "db");

    private Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start(UnaryOperator<StatefulSetSpec> change) {
        simulation.start(context -> new StatefulSetController(context, 5));
        StatefulSetSpec spec = StatefulSetSpec.EMPTY
                .withReplicas(3)
                .withServiceName("db")
                .withSelector(LabelSelector.EMPTY.withMatchLabels(LABELS))
                .withTemplate(template("v1"))
                .withRevisionHistoryLimit(10)
                .withUpdateStrategy(StatefulSetUpdateStrategy.EMPTY.withType("RollingUpdate").withRollingUpdate(RollingUpdateStatefulSetStrategy.EMPTY.withPartition(0)))
                .withVolumeClaimTemplates(List.of(PersistentVolumeClaim.EMPTY.withMetadata(named("data"))));
        simulation.api.create(StatefulSet.RESOURCE, "ns", StatefulSet.EMPTY.withMetadata(named("db")).withSpec(change.apply(spec)));
        simulation.settle();
    }

    @Test
    void podsComeOneAfterTheOtherEachWithItsNameAndStorage() {
        start(s -> s);
        assertThat(names()).containsExactly("db-0");
        simulation.makeReady("ns");
        simulation.settle();
        assertThat(names()).containsExactly("db-0", "db-1");
        simulation.makeReady("ns");
        simulation.settle();
        simulation.makeReady("ns");
        simulation.settle();
        assertThat(names()).containsExactly("db-0", "db-1", "db-2");
        Pod pod = simulation.pods("ns").get(1);
        assertThat(pod.spec().hostname()).isEqualTo("db-1");
        assertThat(pod.spec().subdomain()).isEqualTo("db");
        assertThat(pod.metadata().labels()).containsEntry("statefulset.kubernetes.io/pod-name", "db-1").containsEntry("apps.kubernetes.io/pod-index", "1").containsKey("controller-revision-hash");
        assertThat(pod.spec().volumes()).singleElement().satisfies(v -> assertThat(v.persistentVolumeClaim().claimName()).isEqualTo("data-db-1"));
        assertThat(claimNames()).containsExactly("data-db-0", "data-db-1", "data-db-2");
        assertThat(get().status().readyReplicas()).isEqualTo(3);
        assertThat(get().status().currentRevision()).isEqualTo(get().status().updateRevision()).startsWith("db-");
        simulation.assertQuiet();
    }

    @Test
    void inParallelAllComeAtOnce() {
        start(s -> s.withPodManagementPolicy("Parallel").withReplicas(5));
        assertThat(names()).hasSize(5);
        change(s -> s.withReplicas(1));
        simulation.settle();
        assertThat(names()).containsExactly("db-0");
        simulation.assertQuiet();
    }

    @Test
    void scalingDownTakesTheHighestFirstAndKeepsStorage() {
        start(s -> s);
        simulation.kubelet("ns");
        simulation.advance(Duration.ofSeconds(30));
        List<String> order = new ArrayList<>();
        simulation.time.start("observer", () -> {
            while (true) {
                String now = names().toString();
                if (order.isEmpty() || !order.getLast().equals(now)) {
                    order.add(now);
                }
                simulation.time.sleep(Duration.ofMillis(10));
            }
        });
        change(s -> s.withReplicas(0));
        simulation.advance(Duration.ofSeconds(30));
        assertThat(order).containsExactly("[db-0, db-1, db-2]", "[db-0, db-1]", "[db-0]", "[]");
        assertThat(claimNames()).hasSize(3);
    }

    @Test
    void aNewTemplateRollsFromTheHighestDownToThePartition() {
        start(s -> s);
        simulation.kubelet("ns");
        simulation.advance(Duration.ofSeconds(30));
        change(s -> s.withTemplate(template("v2")).withUpdateStrategy(u -> u.withRollingUpdate(r -> r.withPartition(2))));
        simulation.advance(Duration.ofSeconds(30));
        assertThat(images()).containsExactly("v1", "v1", "v2");
        assertThat(get().status().updatedReplicas()).isEqualTo(1);
        assertThat(get().status().currentReplicas()).isEqualTo(2);
        simulation.api.delete(Pod.RESOURCE, "ns", "db-0", io.j8s.client.DeleteOptions.DEFAULT);
        simulation.advance(Duration.ofSeconds(30));
        assertThat(images()).containsExactly("v1", "v1", "v2");
        change(s -> s.withUpdateStrategy(u -> u.withRollingUpdate(r -> r.withPartition(0))));
        int[] least = {3};
        simulation.time.start("observer", () -> {
            while (true) {
                simulation.time.sleep(Duration.ofMillis(10));
                least[0] = Math.min(least[0], simulation.pods("ns", p -> Pods.active(p) && Pods.ready(p)).size());
            }
        });
        simulation.advance(Duration.ofMinutes(1));
        assertThat(images()).containsExactly("v2", "v2", "v2");
        assertThat(least[0]).isEqualTo(2);
        assertThat(get().status().currentRevision()).isEqualTo(get().status().updateRevision());
    }

    @Test
    void aBrokenUpdateStopsAtItsFirstPod() {
        start(s -> s);
        for (int i = 0; i < 3; i++) {
            simulation.makeReady("ns");
            simulation.settle();
        }
        change(s -> s.withTemplate(template("bad")));
        simulation.settle();
        simulation.finishDeletions("ns");
        simulation.advance(Duration.ofMinutes(5));
        assertThat(images()).containsExactly("v1", "v1", "bad");
        assertThat(get().status().readyReplicas()).isEqualTo(2);
    }

    @Test
    void numbersMayStartElsewhere() {
        start(s -> s.withOrdinals(o -> o.withStart(5)).withPodManagementPolicy("Parallel"));
        assertThat(names()).containsExactly("db-5", "db-6", "db-7");
    }

    @Test
    void claimsAreOwnedAsTheRetentionPolicyWants() {
        start(s -> s.withPodManagementPolicy("Parallel")
                .withPersistentVolumeClaimRetentionPolicy(StatefulSetPersistentVolumeClaimRetentionPolicy.EMPTY.withWhenDeleted("Delete").withWhenScaled("Delete")));
        simulation.makeReady("ns");
        simulation.settle();
        assertThat(simulation.api.peek(PersistentVolumeClaim.RESOURCE, "ns"))
                .allSatisfy(claim -> assertThat(claim.metadata().ownerReferences()).singleElement().satisfies(o -> assertThat(o.kind()).isEqualTo("StatefulSet")));
        simulation.assertQuiet();
        change(s -> s.withReplicas(2));
        simulation.settle();
        assertThat(simulation.api.get(PersistentVolumeClaim.RESOURCE, "ns", "data-db-2").metadata().ownerReferences()).singleElement().satisfies(o -> assertThat(o.kind()).isEqualTo("Pod"));
    }

    @Test
    void failedPodsAreReplaced() {
        start(s -> s.withReplicas(1));
        simulation.setPhase(simulation.pods("ns").getFirst(), "Failed");
        simulation.advance(Duration.ofSeconds(5));
        assertThat(simulation.pods("ns")).singleElement().satisfies(p -> assertThat(p.status().phase()).isEqualTo("Pending"));
    }

    /// However unreliable the server is, there are never two pods of one number, nor two of one claim, and in the end all are there.
    @Test
    void neverMoreThanOneOfEachNumber() {
        for (long seed = 1; seed <= 8; seed++) {
            simulation.close();
            simulation = new Simulation(seed);
            Simulation current = simulation;
            start(s -> s.withReplicas(4));
            current.kubelet("ns");
            current.api.faults(request -> request.writes() && current.time.random().nextInt(5) == 0 ? Refusals.unavailable() : null);
            current.time.start("breaker", () -> {
                for (int i = 0; i < 20; i++) {
                    current.time.sleep(Duration.ofMillis(current.time.random().nextInt(1000)));
                    current.api.breakWatches(Refusals.unavailable());
                }
            });
            current.advance(Duration.ofMinutes(20));
            current.api.faults(request -> null);
            change(s -> s.withTemplate(template("v2")));
            current.api.faults(request -> request.writes() && current.time.random().nextInt(5) == 0 ? Refusals.unavailable() : null);
            current.advance(Duration.ofMinutes(60));
            assertThat(names()).as("seed %s", seed).containsExactly("db-0", "db-1", "db-2", "db-3");
            assertThat(images()).as("seed %s", seed).containsOnly("v2");
        }
    }

    private List<String> names() {
        return simulation.pods("ns", p -> true).stream().map(p -> p.metadata().name()).toList();
    }

    private List<String> images() {
        return simulation.pods("ns").stream().map(p -> p.spec().containers().getFirst().image()).toList();
    }

    private List<String> claimNames() {
        return simulation.api.peek(PersistentVolumeClaim.RESOURCE, "ns").stream().map(c -> c.metadata().name()).toList();
    }

    private StatefulSet get() {
        return simulation.api.peek(StatefulSet.RESOURCE, "ns").getFirst();
    }

    private void change(UnaryOperator<StatefulSetSpec> change) {
        simulation.api.update(StatefulSet.RESOURCE, "ns", get().withMetadata(m -> m.withoutResourceVersion()).withSpec(change));
    }

    private static PodTemplateSpec template(String image) {
        return PodTemplateSpec.EMPTY.withMetadata(m -> m.withLabels(LABELS)).withSpec(s -> s.withContainers(List.of(Container.EMPTY.withName("c").withImage(image))));
    }
}
