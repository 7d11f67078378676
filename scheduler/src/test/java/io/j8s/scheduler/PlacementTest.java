package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.Toleration;
import io.j8s.model.selector.Selector;
import io.j8s.scheduler.framework.Nominations;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.plugins.DefaultPlugins;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.PodInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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

    static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= 150; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    /// Whatever comes and goes, a pod is placed exactly when the reference knows a place, and only where it allows it.
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void noPodIsPlacedWhereTheReferenceForbidsItNorLeftOutWhereItAllowsIt(long seed) {
        Random random = new Random(seed);
        ClusterState state = new ClusterState();
        Placement tested = placement(state, random);
        Map<String, Node> nodes = new LinkedHashMap<>();
        Map<String, Pod> pods = new LinkedHashMap<>();
        for (int step = 0; step < 60; step++) {
            change(random, state, nodes, pods, step);
            Pod pod = randomPod(random, "p" + step);
            List<String> allowed = new ReferenceScheduler(nodes.values(), pods.values()).mayGoTo(pod);
            switch (tested.find(new PodInfo(pod))) {
                case Placement.Result.Chosen chosen -> {
                    assertThat(allowed).as("seed %d step %d: %s", seed, step, pod).contains(chosen.node().name());
                    Pod bound = Objects.on(pod, chosen.node().name());
                    state.put(bound);
                    pods.put(bound.metadata().uid(), bound);
                }
                case Placement.Result.None none -> assertThat(allowed).as("seed %d step %d: %s: %s", seed, step, pod, none.diagnosis().reasons()).isEmpty();
            }
        }
    }

    private static void change(Random random, ClusterState state, Map<String, Node> nodes, Map<String, Pod> pods, int step) {
        int what = random.nextInt(10);
        if (nodes.size() < 3 || what == 0) {
            Node node = randomNode(random, "n" + random.nextInt(8));
            state.put(node);
            nodes.put(node.metadata().name(), node);
        } else if (what == 1 && !pods.isEmpty()) {
            String uid = new ArrayList<>(pods.keySet()).get(random.nextInt(pods.size()));
            pods.remove(uid);
            state.remove(uid);
        } else if (what == 2) {
            String name = new ArrayList<>(nodes.keySet()).get(random.nextInt(nodes.size()));
            nodes.remove(name);
            state.removeNode(name);
            pods.values().removeIf(pod -> {
                boolean there = pod.spec().nodeName().equals(name);
                if (there) {
                    state.remove(pod.metadata().uid());
                }
                return there;
            });
        }
    }

    private static Node randomNode(Random random, String name) {
        Map<String, String> labels = new HashMap<>();
        if (random.nextInt(5) > 0) {
            labels.put("zone", "z" + random.nextInt(3));
        }
        if (random.nextBoolean()) {
            labels.put("disk", "ssd");
        }
        Taint[] taints = random.nextInt(4) == 0 ? new Taint[] {Taint.EMPTY.withKey("gpu").withEffect("NoSchedule")} : new Taint[0];
        return Objects.node(name, 500 + random.nextInt(1500), 2 + random.nextInt(6), labels, taints);
    }

    private static Pod randomPod(Random random, String name) {
        Map<String, String> app = Map.of("app", "a" + random.nextInt(3));
        Pod pod = Objects.pod(name, random.nextInt(4) * 100L, app);
        Map<String, String> other = Map.of("app", "a" + random.nextInt(3));
        String key = random.nextBoolean() ? "zone" : "kubernetes.io/hostname";
        pod = switch (random.nextInt(6)) {
            case 0 -> Objects.away(pod, key, other);
            case 1 -> Objects.near(pod, key, other);
            case 2 -> Objects.spread(pod, key, 1 + random.nextInt(2), app);
            case 3 -> pod.withSpec(spec -> spec.withNodeSelector(Map.of("disk", "ssd")));
            default -> pod;
        };
        return random.nextInt(3) == 0 ? pod.withSpec(spec -> spec.withTolerations(List.of(Toleration.EMPTY.withKey("gpu").withOperator("Exists")))) : pod;
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
