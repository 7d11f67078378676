package io.j8s.controllers.daemonset;

import io.j8s.client.loop.Ownership;
import io.j8s.controllers.history.Revisions;
import io.j8s.controllers.nodes.NodeAffinity;
import io.j8s.controllers.nodes.Taints;
import io.j8s.controllers.pods.PodControl;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeSelectorRequirement;
import io.j8s.model.core.v1.NodeSelectorTerm;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.Taint;
import io.j8s.model.core.v1.Toleration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which nodes a daemon's pods belong on, and what the pods look like. The scheduler binds them: each may go to one node only, by a node affinity to its name.
final class DaemonPods {
    private static final String GENERATION_ANNOTATION = "deprecated.daemonset.template.generation";
    private static final String GENERATION_LABEL = "pod-template-generation";

    private DaemonPods() {}

    /// @param run whether a new pod belongs on the node
    /// @param stay whether one that is there may go on
    record Fit(boolean run, boolean stay) {}

    static Fit fit(DaemonSet set, Node node) {
        PodSpec spec = tolerant(set.spec().template().spec());
        boolean named = spec.nodeName().isEmpty() || spec.nodeName().equals(node.metadata().name());
        if (!named || !NodeAffinity.allows(spec, node)) {
            return new Fit(false, false);
        }
        boolean run = true;
        boolean stay = true;
        for (Taint taint : node.spec().taints()) {
            boolean tolerated = spec.tolerations().stream().anyMatch(t -> Taints.tolerates(t, taint));
            boolean execute = taint.effect().equals(Taints.NO_EXECUTE);
            run &= tolerated || !(execute || taint.effect().equals(Taints.NO_SCHEDULE));
            stay &= tolerated || !execute;
        }
        return new Fit(run, stay);
    }

    private static PodSpec tolerant(PodSpec spec) {
        List<Toleration> tolerations = new ArrayList<>(spec.tolerations());
        add(tolerations, Taints.NOT_READY, Taints.NO_EXECUTE);
        add(tolerations, Taints.UNREACHABLE, Taints.NO_EXECUTE);
        add(tolerations, Taints.DISK_PRESSURE, Taints.NO_SCHEDULE);
        add(tolerations, Taints.MEMORY_PRESSURE, Taints.NO_SCHEDULE);
        add(tolerations, Taints.PID_PRESSURE, Taints.NO_SCHEDULE);
        add(tolerations, Taints.UNSCHEDULABLE, Taints.NO_SCHEDULE);
        if (spec.hostNetwork()) {
            add(tolerations, Taints.NETWORK_UNAVAILABLE, Taints.NO_SCHEDULE);
        }
        return spec.withTolerations(tolerations);
    }

    private static void add(List<Toleration> tolerations, String key, String effect) {
        Toleration wanted = Toleration.EMPTY.withKey(key).withOperator("Exists").withEffect(effect);
        tolerations.removeIf(t -> t.key().equals(key) && t.effect().equals(effect) && t.operator().equals("Exists"));
        tolerations.add(wanted);
    }

    static Pod make(DaemonSet set, String hash, String node) {
        Pod pod = PodControl.fromTemplate(set.spec().template(), Ownership.controllerReference(DaemonSet.RESOURCE, set.metadata()));
        Map<String, String> labels = new LinkedHashMap<>(pod.metadata().labels());
        String generation = set.metadata().annotations().get(GENERATION_ANNOTATION);
        if (generation != null) {
            labels.put(GENERATION_LABEL, generation);
        }
        labels.put(Revisions.POD_LABEL, hash);
        NodeSelectorTerm term = NodeSelectorTerm.EMPTY.withMatchFields(List.of(NodeSelectorRequirement.EMPTY.withKey("metadata.name").withOperator("In").withValues(List.of(node))));
        PodSpec spec = tolerant(pod.spec())
                .withAffinity(a -> a.withNodeAffinity(n -> n.withRequiredDuringSchedulingIgnoredDuringExecution(r -> r.withNodeSelectorTerms(List.of(term)))));
        return pod.withMetadata(m -> m.withLabels(labels).withGenerateName(set.metadata().name() + "-")).withSpec(spec);
    }

    /// The node a pod runs on or is meant for; empty when it is meant for none in particular.
    static String target(Pod pod) {
        if (!pod.spec().nodeName().isEmpty()) {
            return pod.spec().nodeName();
        }
        for (NodeSelectorTerm term : pod.spec().affinity().nodeAffinity().requiredDuringSchedulingIgnoredDuringExecution().nodeSelectorTerms()) {
            for (NodeSelectorRequirement field : term.matchFields()) {
                if (field.key().equals("metadata.name") && field.operator().equals("In") && field.values().size() == 1) {
                    return field.values().getFirst();
                }
            }
        }
        return "";
    }

    static boolean updated(DaemonSet set, Pod pod, String hash) {
        String generation = set.metadata().annotations().get(GENERATION_ANNOTATION);
        return hash.equals(pod.metadata().labels().get(Revisions.POD_LABEL)) || (generation != null && generation.equals(pod.metadata().labels().get(GENERATION_LABEL)));
    }
}
