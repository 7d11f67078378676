package io.j8s.bench.scheduler;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodAffinityTerm;
import io.j8s.model.core.v1.TopologySpreadConstraint;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.selector.Selector;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.framework.Nominations;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.plugins.DefaultPlugins;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.PodInfo;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// The decisions alone, without an API: pods placed one after the other on many nodes, as upstream's benchmark has them (SchedulingBasic and its like).
///
/// Prints pods per second, and the task's microseconds of processor time a pod, for each workload. Arguments: the number of nodes (5000).
public final class PlacementBench {

    private static final LabelSelector GREEN = LabelSelector.EMPTY.withMatchLabels(Map.of("color", "green"));

    private PlacementBench() {}

    public static void main(String[] args) {
        int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 5000;
        for (int pass = 1; pass <= 3; pass++) { // the first ones warm up
            run("SchedulingBasic", nodes, 10_000, UnaryOperator.identity());
            run("SchedulingPodAntiAffinity", nodes, 2000, PlacementBench::antiAffinity);
            run("TopologySpreading", nodes, 5000, PlacementBench::spreading);
        }
    }

    private static void run(String name, int nodeCount, int podCount, UnaryOperator<Pod> kind) {
        ClusterState cluster = new ClusterState();
        for (int i = 0; i < nodeCount; i++) {
            cluster.put(node(i));
        }
        Profile profile = DefaultPlugins.profile(pod -> Selector.nothing(), new NoVolumes());
        Placement placement = new Placement(profile, cluster, new Nominations(), new SplittableRandom(1));
        List<PodInfo> pods = IntStream.range(0, podCount).mapToObj(i -> new PodInfo(kind.apply(pod(i)))).toList();
        long start = Timeline.system().nanoTime();
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        int placed = 0;
        for (PodInfo pod : pods) {
            if (placement.find(pod) instanceof Placement.Result.Chosen chosen) {
                cluster.put(pod, chosen.node().name());
                placed++;
            }
        }
        double seconds = (Timeline.system().nanoTime() - start) / 1e9;
        double used = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e3;
        System.out.printf("%-28s %d nodes, %d of %d pods placed: %.0f pods/s, %.1f us of CPU a pod%n", name, nodeCount, placed, podCount, podCount / seconds, used / podCount);
    }

    private static Node node(int i) {
        return Node.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName("node-" + i).withLabels(Map.of("kubernetes.io/hostname", "node-" + i, "topology.kubernetes.io/zone", "zone-" + i % 3)))
                .withStatus(status -> status.withAllocatable(Map.of("cpu", Quantity.of(4), "memory", Quantity.parse("32Gi"), "pods", Quantity.of(110))));
    }

    private static Pod pod(int i) {
        Container container = Container.EMPTY.withName("pause").withImage("pause:3")
                .withResources(resources -> resources.withRequests(Map.of("cpu", Quantity.parse("100m"), "memory", Quantity.parse("500Mi"))));
        return Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withNamespace("ns").withName("pod-" + i).withUid("uid-" + i).withLabels(Map.of("color", "green")))
                .withSpec(spec -> spec.withSchedulerName("default-scheduler").withContainers(List.of(container)));
    }

    private static Pod antiAffinity(Pod pod) {
        PodAffinityTerm term = PodAffinityTerm.EMPTY.withTopologyKey("kubernetes.io/hostname").withLabelSelector(GREEN);
        return pod.withSpec(spec -> spec.withAffinity(affinity -> affinity.withPodAntiAffinity(anti -> anti.withRequiredDuringSchedulingIgnoredDuringExecution(List.of(term)))));
    }

    private static Pod spreading(Pod pod) {
        TopologySpreadConstraint constraint = TopologySpreadConstraint.EMPTY.withTopologyKey("topology.kubernetes.io/zone").withMaxSkew(5)
                .withWhenUnsatisfiable("DoNotSchedule").withLabelSelector(GREEN);
        return pod.withSpec(spec -> spec.withTopologySpreadConstraints(List.of(constraint)));
    }
}
