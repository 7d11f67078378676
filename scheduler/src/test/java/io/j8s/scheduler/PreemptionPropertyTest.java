package io.j8s.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.model.selector.Selector;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.framework.Diagnosis;
import io.j8s.scheduler.framework.Nominations;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.plugins.DefaultPlugins;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.PodInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Pods are made to go exactly when the reference would, from a node that costs as little as the reference's best, and exactly those of that node which the reference would choose.
class PreemptionPropertyTest {

    static Stream<Long> seeds() {
        return LongStream.concat(LongStream.rangeClosed(1, 120), Timeline.system().random().longs(30)).boxed();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void the_least_possible_pods_go_and_only_when_it_helps(long seed) {
        Run run = new Run(seed);
        for (int step = 0; step < 60; step++) {
            run.step(step);
        }
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final RandomObjects objects;
        private final ClusterState state = new ClusterState();
        private final Nominations nominations = new Nominations();
        private final Map<String, Node> nodes = new LinkedHashMap<>();
        private final Map<String, Pod> pods = new LinkedHashMap<>();
        private final Map<String, Pod> promised = new HashMap<>();
        private final List<PodDisruptionBudget> budgets = new ArrayList<>();
        private final Placement placement;
        private final Preemption preemption;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.objects = new RandomObjects(random);
            this.placement = new Placement(DefaultPlugins.profile(pod -> Selector.nothing(), new StoredVolumes()), state, nominations, random);
            this.preemption = new Preemption(state, () -> budgets, random, 100, 10);
            for (int i = 0; i < 5; i++) {
                Node node = objects.node("n" + i);
                nodes.put(node.metadata().name(), node);
                state.put(node);
            }
            for (int i = 0; i < 3; i++) {
                budgets.add(RandomObjects.read(PodDisruptionBudget.class, PodDisruptionBudget.TYPE, "metadata: {name: b" + i + ", namespace: " + objects.any(RandomObjects.NAMESPACES) + "}\nspec: {selector: {"
                        + (i == 2 ? "" : "matchLabels: {app: a" + random.nextInt(3) + "}") + "}}\nstatus: {disruptionsAllowed: " + random.nextInt(3) + "}\n"));
            }
        }

        void step(int step) {
            Pod pod = objects.pod("p" + step, "default-scheduler").withStatus(status -> status.withStartTime(Instant.ofEpochSecond(1000 + random.nextInt(5))));
            if (objects.once(6)) {
                promise(pod);
                return;
            }
            PodInfo info = new PodInfo(pod);
            switch (placement.find(info)) {
                case Placement.Result.Chosen chosen -> bind(pod, chosen.node().name());
                case Placement.Result.None(Diagnosis diagnosis) -> makeRoom(step, pod, info, diagnosis);
            }
        }

        private void promise(Pod pod) {
            promised.keySet().forEach(nominations::remove);
            promised.clear();
            Pod there = Objects.on(pod, objects.any(List.copyOf(nodes.keySet())));
            promised.put(pod.metadata().uid(), there);
            nominations.put(new PodInfo(pod), there.spec().nodeName());
        }

        private void makeRoom(int step, Pod pod, PodInfo info, Diagnosis diagnosis) {
            int before = state.podCount();
            List<ReferencePreemption.Choice> wanted = new ReferencePreemption(World.of(nodes.values(), pods.values()), promised.values(), budgets).choices(pod);
            List<Preemption.Choice> found = preemption.find(placement, info, diagnosis).choices();
            assertThat(state.podCount()).isEqualTo(before);
            String what = "seed " + seed + " step " + step + ": " + pod + ": " + diagnosis.message(nodes.size());
            if (pod.spec().affinity().podAffinity().requiredDuringSchedulingIgnoredDuringExecution().isEmpty()) {
                assertThat(found.stream().map(one -> one.node().name()).toList()).as(what).containsExactlyInAnyOrderElementsOf(wanted.stream().map(ReferencePreemption.Choice::node).toList());
            }
            Preemption.Choice best = Preemption.best(found);
            if (best == null) {
                return;
            }
            ReferencePreemption.Choice same = wanted.stream().filter(one -> one.node().equals(best.node().name())).findFirst().orElseThrow(() -> new AssertionError(what));
            assertThat(best.victims().stream().map(PodInfo::uid).collect(Collectors.toSet())).as(what).isEqualTo(same.victims());
            assertThat(best.budgetsBroken()).as(what).isEqualTo(same.broken());
            if (found.size() == wanted.size()) {
                assertThat(same.cost()).as(what).isEqualTo(wanted.stream().map(ReferencePreemption.Choice::cost).min(Run::compare).orElseThrow());
            }
            best.victims().forEach(victim -> {
                pods.remove(victim.uid());
                state.remove(victim.uid());
            });
            bind(pod, best.node().name());
        }

        @SuppressWarnings({"unchecked", "rawtypes"}) // costs are lists of the same types
        private static int compare(List<Comparable<?>> one, List<Comparable<?>> other) {
            for (int i = 0; i < one.size(); i++) {
                int order = ((Comparable) one.get(i)).compareTo(other.get(i));
                if (order != 0) {
                    return order;
                }
            }
            return 0;
        }

        private void bind(Pod pod, String node) {
            Pod bound = Objects.on(pod, node);
            pods.put(pod.metadata().uid(), bound);
            state.put(bound);
        }
    }
}
