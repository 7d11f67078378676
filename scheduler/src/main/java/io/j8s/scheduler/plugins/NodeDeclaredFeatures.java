package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.Traits;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Pods that need a feature of the node agent go to nodes that declare it (KEP-5328).
final class NodeDeclaredFeatures implements FilterPlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.NODE_ADDED, ClusterEvent.Kind.NODE_FEATURES);
    private static final Rejection LACKING = Rejection.unresolvable("node(s) didn't match Pod's required features");

    @Override
    public String name() {
        return "NodeDeclaredFeatures";
    }

    static Set<String> needed(Pod pod) {
        Set<String> needed = new TreeSet<>();
        if (pod.spec().hostNetwork() && pod.spec().hasHostUsers() && !pod.spec().hostUsers()) {
            needed.add("UserNamespacesHostNetworkSupport");
        }
        boolean restartsAll = Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream())
                .map(Container::restartPolicyRules).anyMatch(rules -> rules.stream().anyMatch(rule -> rule.action().equals("RestartAllContainers")));
        if (restartsAll) {
            needed.add("RestartAllContainersOnContainerExits");
        }
        return needed;
    }

    @Override
    public @Nullable NodeFilter filter(Cycle cycle) {
        Set<String> needed = needed(cycle.pod().pod());
        return needed.isEmpty() ? null : new Declared(needed);
    }

    private record Declared(Set<String> needed) implements NodeFilter {
        private boolean by(NodeInfo node) {
            return node.node().status().declaredFeatures().containsAll(needed);
        }

        @Override
        public @Nullable Rejection reject(NodeInfo node) {
            return by(node) ? null : LACKING;
        }

        @Override
        public Object shape() {
            return needed;
        }

        @Override
        public void describe(NodeInfo node, Traits traits) {
            traits.add(by(node) ? 1 : 0);
        }
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return switch (event.kind()) {
            case NODE_ADDED -> true;
            case NODE_FEATURES -> event.after() instanceof Node node && node.status().declaredFeatures().containsAll(needed(pod.pod()));
            default -> false;
        };
    }
}
