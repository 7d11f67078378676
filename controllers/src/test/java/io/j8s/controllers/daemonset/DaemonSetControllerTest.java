package io.j8s.controllers.daemonset;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.ApiException;
import io.j8s.client.testing.Refusals;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.IntOrString;
import io.j8s.model.apps.v1.ControllerRevision;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.apps.v1.DaemonSetSpec;
import io.j8s.model.apps.v1.DaemonSetUpdateStrategy;
import io.j8s.model.apps.v1.RollingUpdateDaemonSet;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.meta.v1.LabelSelector;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DaemonSetControllerTest {
    private static final Map<String, String> LABELS = Map.of("app", "agent");

    private Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start(int nodes, UnaryOperator<DaemonSetSpec> change) {
        simulation.start(context -> new DaemonSetController(context, 2));
        for (int i = 0; i < nodes; i++) {
            simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named("n" + i)));
        }
        DaemonSetSpec spec = DaemonSetSpec.EMPTY.withSelector(LabelSelector.EMPTY.withMatchLabels(LABELS)).withTemplate(template("v1")).withRevisionHistoryLimit(10).withUpdateStrategy(rolling(1, 0));
        simulation.api.create(DaemonSet.RESOURCE, "ns", DaemonSet.EMPTY.withMetadata(named("agent")).withSpec(change.apply(spec)));
        Simulation current = simulation;
        simulation.time.start("nodes", () -> {
            while (true) {
                current.time.sleep(Duration.ofMillis(100));
                try {
                    run(current);
                } catch (ApiException e) {
                    // somebody else was faster
                }
            }
        });
        simulation.settle();
    }

    /// Binds and runs each pod where its affinity sends it, and confirms ends.
    private static void run(Simulation current) {
        for (Pod pod : current.pods("ns", p -> p.metadata().deletionTimestamp() == null && p.status().phase().equals("Pending"))) {
            Pod bound = current.api.update(Pod.RESOURCE, "ns", pod.withSpec(s -> s.withNodeName(DaemonPods.target(pod))));
            current.setReady(bound, true);
        }
        current.finishDeletions("ns");
    }

    @Test
    void everyNodeGetsAPod() {
        start(5, s -> s);
        simulation.settle();
        assertThat(simulation.pods("ns")).extracting(p -> p.spec().nodeName()).containsExactlyInAnyOrder("n0", "n1", "n2", "n3", "n4");
        assertThat(simulation.pods("ns").getFirst().spec().tolerations()).extracting(t -> t.key()).contains("node.kubernetes.io/unschedulable", "node.kubernetes.io/not-ready");
        DaemonSet set = get();
        assertThat(set.status().desiredNumberScheduled()).isEqualTo(5);
        assertThat(set.status().numberAvailable()).isEqualTo(5);
        assertThat(set.status().updatedNumberScheduled()).isEqualTo(5);
        assertThat(simulation.api.peek(ControllerRevision.RESOURCE, "ns")).singleElement().satisfies(r -> {
            assertThat(r.revision()).isEqualTo(1);
            assertThat(String.valueOf(r.data())).contains("\"$patch\":\"replace\"");
        });
        simulation.assertQuiet();
        simulation.api.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(named("n5")));
        simulation.settle();
        assertThat(simulation.pods("ns")).hasSize(6);
    }

    @Test
    void onlyNodesThatItFits() {
        start(3, s -> s.withTemplate(t -> t.withSpec(p -> p.withNodeSelector(Map.of("disk", "ssd")))));
        assertThat(simulation.pods("ns")).isEmpty();
        label("n1", Map.of("disk", "ssd"));
        simulation.settle();
        assertThat(simulation.pods("ns")).extracting(p -> p.spec().nodeName()).containsExactly("n1");
        label("n1", Map.of());
        simulation.settle();
        assertThat(simulation.pods("ns")).isEmpty();
    }

    @Test
    void taintsKeepNewPodsAwayAndExecutingOnesRemoveThem() {
        start(2, s -> s);
        taint("n0", "NoSchedule");
        simulation.settle();
        assertThat(simulation.pods("ns")).hasSize(2);
        assertThat(get().status().numberMisscheduled()).isEqualTo(1);
        taint("n0", "NoExecute");
        simulation.settle();
        assertThat(simulation.pods("ns")).extracting(p -> p.spec().nodeName()).containsExactly("n1");
    }

    @Test
    void aNewTemplateRollsOutNodeByNode() {
        start(6, s -> s.withUpdateStrategy(rolling(2, 0)));
        int[] least = {6};
        simulation.time.start("observer", () -> {
            while (true) {
                simulation.time.sleep(Duration.ofMillis(10));
                least[0] = Math.min(least[0], simulation.pods("ns", p -> Pods.active(p) && Pods.ready(p)).size());
            }
        });
        change(s -> s.withTemplate(template("v2")));
        simulation.advance(Duration.ofSeconds(30));
        assertThat(simulation.pods("ns")).hasSize(6).allSatisfy(p -> assertThat(p.spec().containers().getFirst().image()).isEqualTo("v2"));
        assertThat(least[0]).isGreaterThanOrEqualTo(4);
        assertThat(simulation.api.peek(ControllerRevision.RESOURCE, "ns")).hasSize(2);
        change(s -> s.withTemplate(template("v1")));
        simulation.advance(Duration.ofSeconds(30));
        assertThat(simulation.api.peek(ControllerRevision.RESOURCE, "ns")).hasSize(2).extracting(ControllerRevision::revision).containsExactlyInAnyOrder(2L, 3L);
        simulation.assertQuiet();
    }

    @Test
    void surgingNeverLeavesANodeWithoutAPod() {
        start(4, s -> s.withUpdateStrategy(rolling(0, 2)));
        int[] least = {4};
        simulation.time.start("observer", () -> {
            while (true) {
                simulation.time.sleep(Duration.ofMillis(10));
                least[0] = Math.min(least[0], (int) simulation.pods("ns", p -> Pods.active(p) && Pods.ready(p)).stream().map(p -> p.spec().nodeName()).distinct().count());
            }
        });
        change(s -> s.withTemplate(template("v2")));
        simulation.advance(Duration.ofSeconds(30));
        assertThat(simulation.pods("ns")).hasSize(4).allSatisfy(p -> assertThat(p.spec().containers().getFirst().image()).isEqualTo("v2"));
        assertThat(least[0]).isEqualTo(4);
    }

    @Test
    void failedPodsAreReplacedWithGrowingPauses() {
        start(1, s -> s);
        for (int i = 0; i < 3; i++) {
            simulation.setPhase(simulation.pods("ns").getFirst(), "Failed");
            simulation.advance(Duration.ofSeconds(10));
            assertThat(simulation.pods("ns", Pods::active)).hasSize(1);
        }
        assertThat(simulation.reasons("ns")).contains("FailedDaemonPod");
    }

    @Test
    void oldPodsStayUntilTheyAreDeletedIfAskedSo() {
        start(2, s -> s.withUpdateStrategy(DaemonSetUpdateStrategy.EMPTY.withType("OnDelete")));
        change(s -> s.withTemplate(template("v2")));
        simulation.advance(Duration.ofMinutes(1));
        assertThat(simulation.pods("ns")).allSatisfy(p -> assertThat(p.spec().containers().getFirst().image()).isEqualTo("v1"));
        assertThat(get().status().updatedNumberScheduled()).isZero();
    }

    @Test
    void endsWithOnePodOnEachNodeHoweverUnreliableTheServerIs() {
        for (long seed = 1; seed <= 8; seed++) {
            simulation.close();
            simulation = new Simulation(seed);
            Simulation current = simulation;
            start(10, s -> s);
            current.api.faults(request -> request.writes() && current.time.random().nextInt(5) == 0 ? Refusals.unavailable() : null);
            current.time.start("breaker", () -> {
                for (int i = 0; i < 20; i++) {
                    current.time.sleep(Duration.ofMillis(current.time.random().nextInt(1000)));
                    current.api.breakWatches(Refusals.unavailable());
                }
            });
            current.advance(Duration.ofMinutes(1));
            current.api.faults(request -> null);
            change(s -> s.withTemplate(template("v2")));
            current.api.faults(request -> request.writes() && current.time.random().nextInt(5) == 0 ? Refusals.unavailable() : null);
            current.advance(Duration.ofMinutes(60));
            assertThat(current.pods("ns")).as("seed %s", seed).hasSize(10).allSatisfy(p -> assertThat(p.spec().containers().getFirst().image()).isEqualTo("v2"));
            assertThat(current.pods("ns").stream().map(p -> p.spec().nodeName()).distinct()).hasSize(10);
        }
    }

    private static DaemonSetUpdateStrategy rolling(int unavailable, int surge) {
        RollingUpdateDaemonSet rolling = RollingUpdateDaemonSet.EMPTY.withMaxUnavailable(IntOrString.of(unavailable)).withMaxSurge(IntOrString.of(surge));
        return DaemonSetUpdateStrategy.EMPTY.withType("RollingUpdate").withRollingUpdate(rolling);
    }

    private static PodTemplateSpec template(String image) {
        return PodTemplateSpec.EMPTY.withMetadata(m -> m.withLabels(LABELS)).withSpec(s -> s.withContainers(List.of(Container.EMPTY.withName("c").withImage(image))));
    }

    private DaemonSet get() {
        return simulation.api.peek(DaemonSet.RESOURCE, "ns").getFirst();
    }

    private void change(UnaryOperator<DaemonSetSpec> change) {
        simulation.api.update(DaemonSet.RESOURCE, "ns", get().withMetadata(m -> m.withoutResourceVersion()).withSpec(change));
    }

    private void label(String node, Map<String, String> labels) {
        Node found = simulation.api.get(Node.RESOURCE, "", node);
        simulation.api.update(Node.RESOURCE, "", found.withMetadata(m -> m.withLabels(labels)));
    }

    private void taint(String node, String effect) {
        Node found = simulation.api.get(Node.RESOURCE, "", node);
        simulation.api.update(Node.RESOURCE, "", found.withSpec(s -> s.withTaints(List.of(Taint.EMPTY.withKey("custom").withEffect(effect)))));
    }
}
