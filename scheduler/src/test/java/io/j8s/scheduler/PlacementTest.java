package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.selector.Selector;
import io.j8s.scheduler.framework.Nominations;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.plugins.DefaultPlugins;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.PodInfo;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PlacementTest {

    private final ClusterState cluster = new ClusterState();
    private final Placement placement = placement(cluster, new Random(1));

    @Test
    void theEmptierNodeIsTaken() {
        cluster.put(Objects.node("full", 1000, 10, Map.of()));
        cluster.put(Objects.node("empty", 1000, 10, Map.of()));
        cluster.put(Objects.on(Objects.pod("a", 500, Map.of()), "full"));
        assertThat(chosen(Objects.pod("b", 100, Map.of()))).isEqualTo("empty");
    }

    @Test
    void reasonsAreCountedByNodes() {
        cluster.put(Objects.node("small", 100, 10, Map.of()));
        cluster.put(Objects.node("tiny", 50, 10, Map.of()));
        cluster.put(Objects.node("tainted", 9000, 10, Map.of(), Taint.EMPTY.withKey("gpu").withEffect("NoSchedule")));
        assertThat(placement.find(new PodInfo(Objects.pod("a", 500, Map.of()))))
                .isInstanceOfSatisfying(Placement.Result.None.class, none -> assertThat(none.diagnosis().message(3))
                        .isEqualTo("0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu."));
    }

    @Test
    void withoutNodesThereIsNothingToChooseFrom() {
        assertThat(placement.find(new PodInfo(Objects.pod("a", 0, Map.of()))))
                .isInstanceOfSatisfying(Placement.Result.None.class, none -> assertThat(none.diagnosis().message(0)).isEqualTo("no nodes available to schedule pods"));
    }

    @Test
    void podsOfOneServiceSpreadOverHostsByDefault() {
        for (int i = 0; i < 4; i++) {
            cluster.put(Objects.node("n" + i, 4000, 10, Map.of()));
        }
        Map<String, Integer> perNode = new HashMap<>();
        for (int i = 0; i < 8; i++) {
            Pod pod = Objects.pod("web-" + i, 0, Map.of("app", "web"));
            String node = chosen(pod);
            cluster.put(Objects.on(pod, node));
            perNode.merge(node, 1, Integer::sum);
        }
        assertThat(perNode.values()).containsOnly(2);
    }

    @Test
    void aNodeThatChangesIsSeenAnew() {
        Node cordoned = Objects.node("n", 1000, 10, Map.of()).withSpec(spec -> spec.withUnschedulable(true));
        cluster.put(cordoned);
        assertThat(placement.find(new PodInfo(Objects.pod("a", 0, Map.of())))).isInstanceOf(Placement.Result.None.class);
        cluster.put(cordoned.withSpec(spec -> spec.withUnschedulable(false)));
        assertThat(chosen(Objects.pod("a", 0, Map.of()))).isEqualTo("n");
    }

    private String chosen(Pod pod) {
        return switch (placement.find(new PodInfo(pod))) {
            case Placement.Result.Chosen chosen -> chosen.node().name();
            case Placement.Result.None none -> throw new AssertionError(none.diagnosis().message(cluster.nodes().size()));
        };
    }

    static Placement placement(ClusterState cluster, RandomGenerator random) {
        Profile profile = DefaultPlugins.profile(pod -> pod.metadata().labels().isEmpty() ? Selector.nothing() : Selector.ofLabels(pod.metadata().labels()), new StoredVolumes());
        return new Placement(profile, cluster, new Nominations(), random);
    }
}
