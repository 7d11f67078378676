package io.j8s.scheduler;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Affinity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodAffinityTerm;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.TopologySpreadConstraint;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Nodes and pods for tests.
final class Objects {

    private Objects() {}

    static Node node(String name, long milliCpu, int pods, Map<String, String> labels, Taint... taints) {
        Map<String, String> all = new TreeMap<>(labels);
        all.put("kubernetes.io/hostname", name);
        return Node.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName(name).withLabels(all))
                .withSpec(spec -> spec.withTaints(List.of(taints)))
                .withStatus(status -> status.withAllocatable(
                        Map.of("cpu", Quantity.ofMilli(milliCpu), "memory", Quantity.of(8L << 30), "pods", Quantity.of(pods))));
    }

    static Pod pod(String name, long milliCpu, Map<String, String> labels) {
        Container container = Container.EMPTY.withName("main").withImage("app");
        Container asking = milliCpu == 0 ? container : container.withResources(resources -> resources.withRequests(Map.of("cpu", Quantity.ofMilli(milliCpu))));
        return Pod.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName(name).withNamespace("default").withUid("uid-" + name).withLabels(labels))
                .withSpec(spec -> spec.withSchedulerName("default-scheduler").withContainers(List.of(asking)));
    }

    static Pod on(Pod pod, String node) {
        return pod.withSpec(spec -> spec.withNodeName(node));
    }

    static Pod spread(Pod pod, String key, int maxSkew, Map<String, String> labels) {
        TopologySpreadConstraint constraint = TopologySpreadConstraint.EMPTY.withTopologyKey(key).withMaxSkew(maxSkew)
                .withWhenUnsatisfiable("DoNotSchedule").withLabelSelector(LabelSelector.EMPTY.withMatchLabels(labels));
        return pod.withSpec(spec -> spec.withTopologySpreadConstraints(List.of(constraint)));
    }

    static Pod away(Pod pod, String key, Map<String, String> labels) {
        return pod.withSpec(spec -> spec.withAffinity(affinity(spec.affinity(), key, labels, true)));
    }

    static Pod near(Pod pod, String key, Map<String, String> labels) {
        return pod.withSpec(spec -> spec.withAffinity(affinity(spec.affinity(), key, labels, false)));
    }

    private static Affinity affinity(Affinity before, String key, Map<String, String> labels, boolean anti) {
        List<PodAffinityTerm> terms = List.of(PodAffinityTerm.EMPTY.withTopologyKey(key).withLabelSelector(LabelSelector.EMPTY.withMatchLabels(labels)));
        return anti
                ? before.withPodAntiAffinity(a -> a.withRequiredDuringSchedulingIgnoredDuringExecution(terms))
                : before.withPodAffinity(a -> a.withRequiredDuringSchedulingIgnoredDuringExecution(terms));
    }
}
