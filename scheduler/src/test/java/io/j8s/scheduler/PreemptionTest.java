package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.scheduler.framework.Diagnosis;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.PodInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PreemptionTest {

    private final ClusterState cluster = new ClusterState();
    private final List<PodDisruptionBudget> budgets = new ArrayList<>();
    private final Placement placement = PlacementTest.placement(cluster, new Random(1));
    private final Preemption preemption = new Preemption(cluster, () -> budgets, new Random(1), 100, 10);

    @Test
    void onlyAsManyPodsGoAsNeedBeAndTheLeastOnesFirst() {
        cluster.put(Objects.node("n", 1000, 10, Map.of()));
        place("great", 300, 50, "n");
        place("small", 300, 1, "n");
        place("middle", 300, 20, "n");
        assertThat(choose(pod("new", 350, 100)).victims()).extracting(PodInfo::name).containsExactly("small");
    }

    @Test
    void theNodeWithTheLesserVictimsIsTaken() {
        cluster.put(Objects.node("n1", 1000, 10, Map.of()));
        cluster.put(Objects.node("n2", 1000, 10, Map.of()));
        place("a", 900, 50, "n1");
        place("b", 900, 10, "n2");
        assertThat(choose(pod("new", 500, 100)).node().name()).isEqualTo("n2");
    }

    @Test
    void podsOfTheSameOrAHigherPriorityStay() {
        cluster.put(Objects.node("n", 1000, 10, Map.of()));
        place("a", 900, 100, "n");
        assertThat(choice(pod("new", 500, 100))).isNull();
    }

    @Test
    void aBudgetIsBrokenOnlyWhenNothingElseHelps() {
        cluster.put(Objects.node("n1", 1000, 10, Map.of()));
        cluster.put(Objects.node("n2", 1000, 10, Map.of()));
        place("guarded", 900, 1, "n1");
        place("free", 900, 50, "n2");
        budgets.add(PodDisruptionBudget.EMPTY.withMetadata(ObjectMeta.EMPTY.withNamespace("default").withName("pdb"))
                .withSpec(spec -> spec.withSelector(LabelSelector.EMPTY.withMatchLabels(Map.of("name", "guarded")))));
        assertThat(choose(pod("new", 500, 100)).victims()).extracting(PodInfo::name).containsExactly("free");
        cluster.removeNode("n2");
        assertThat(choose(pod("new", 500, 100)).budgetsBroken()).isEqualTo(1);
    }

    @Test
    void decidingChangesNothing() {
        cluster.put(Objects.node("n", 1000, 10, Map.of()));
        place("a", 300, 1, "n");
        place("b", 300, 2, "n");
        place("c", 300, 3, "n");
        choose(pod("new", 350, 100));
        assertThat(cluster.podCount()).isEqualTo(3);
        assertThat(java.util.Objects.requireNonNull(cluster.node("n")).requested().milliCpu).isEqualTo(900);
    }

    @Test
    void aPodMayForbidItself() {
        Pod pod = pod("new", 500, 100);
        assertThat(preemption.forbidden(new PodInfo(pod), "", new Diagnosis())).isNull();
        assertThat(preemption.forbidden(new PodInfo(pod.withSpec(spec -> spec.withPreemptionPolicy("Never"))), "", new Diagnosis()))
                .isEqualTo("not eligible due to preemptionPolicy=Never.");
    }

    private Preemption.Choice choose(Pod pod) {
        return java.util.Objects.requireNonNull(choice(pod));
    }

    private Preemption.@org.jspecify.annotations.Nullable Choice choice(Pod pod) {
        PodInfo info = new PodInfo(pod);
        return switch (placement.find(info)) {
            case Placement.Result.None none -> preemption.choose(placement, info, none.diagnosis());
            case Placement.Result.Chosen chosen -> throw new AssertionError("fits on " + chosen.node());
        };
    }

    private void place(String name, long cpu, int priority, String node) {
        cluster.put(Objects.on(pod(name, cpu, priority), node));
    }

    private static Pod pod(String name, long cpu, int priority) {
        return Objects.pod(name, cpu, Map.of("name", name)).withSpec(spec -> spec.withPriority(priority));
    }
}
