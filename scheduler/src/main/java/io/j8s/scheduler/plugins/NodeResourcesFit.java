package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Node;
import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Cycle;
import io.j8s.scheduler.framework.FilterPlugin;
import io.j8s.scheduler.framework.NodeFilter;
import io.j8s.scheduler.framework.NodeScore;
import io.j8s.scheduler.framework.Reach;
import io.j8s.scheduler.framework.Rejection;
import io.j8s.scheduler.framework.ScorePlugin;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import io.j8s.scheduler.state.Resources;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Nodes must have what the pod asks for; how full they become decides which is liked better, by the strategy of the profile.
final class NodeResourcesFit implements FilterPlugin, ScorePlugin, WakeUpPlugin {

    private static final Set<ClusterEvent.Kind> EVENTS = EnumSet.of(
            ClusterEvent.Kind.ASSIGNED_POD_DELETED, ClusterEvent.Kind.NODE_ADDED, ClusterEvent.Kind.NODE_ALLOCATABLE, ClusterEvent.Kind.DEVICE_CLASS);
    private static final Rejection TOO_MANY_PODS = Rejection.resolvable("Too many pods");
    private static final Rejection CPU = Rejection.resolvable("Insufficient cpu");
    private static final Rejection MEMORY = Rejection.resolvable("Insufficient memory");
    private static final Rejection STORAGE = Rejection.resolvable("Insufficient ephemeral-storage");

    private final ScoringStrategy strategy;
    private final Set<String> ignored;
    private final Set<String> ignoredGroups;
    private final Predicate<String> fromDevices;

    /// @param ignored resources that others look after
    /// @param ignoredGroups the part before the slash of names of such resources
    /// @param fromDevices resources that a device class stands for: a node that has none of its own is not asked for them
    NodeResourcesFit(ScoringStrategy strategy, Set<String> ignored, Set<String> ignoredGroups, Predicate<String> fromDevices) {
        this.fromDevices = fromDevices;
        this.strategy = strategy;
        this.ignored = ignored;
        this.ignoredGroups = ignoredGroups;
    }

    private boolean ignores(String resource) {
        int slash = resource.indexOf('/');
        return slash > 0 && (ignored.contains(resource) || ignoredGroups.contains(resource.substring(0, slash)));
    }

    @Override
    public String name() {
        return "NodeResourcesFit";
    }

    @Override
    public NodeFilter filter(Cycle cycle) {
        Resources asked = cycle.pod().requests();
        return node -> lacks(node, asked);
    }

    private @Nullable Rejection lacks(NodeInfo node, Resources asked) {
        Resources all = node.allocatable();
        Resources taken = node.requested();
        boolean pods = taken.pods + 1 > all.pods;
        boolean cpu = asked.milliCpu > 0 && asked.milliCpu > all.milliCpu - taken.milliCpu;
        boolean memory = asked.memory > 0 && asked.memory > all.memory - taken.memory;
        boolean storage = asked.ephemeralStorage > 0 && asked.ephemeralStorage > all.ephemeralStorage - taken.ephemeralStorage;
        if (!pods && !cpu && !memory && !storage && asked.others().isEmpty()) {
            return null;
        }
        return explain(node, asked, pods ? TOO_MANY_PODS : null, cpu ? CPU : null, memory ? MEMORY : null, storage ? STORAGE : null);
    }

    /// All that is lacking; it cannot be helped by taking pods away when even the empty node would not do.
    private @Nullable Rejection explain(NodeInfo node, Resources asked, @Nullable Rejection... common) {
        StringBuilder reasons = new StringBuilder();
        Rejection only = null;
        int count = 0;
        for (Rejection rejection : common) {
            if (rejection != null) {
                reasons.append(count++ == 0 ? "" : "\n").append(rejection.reason());
                only = rejection;
            }
        }
        boolean resolvable = asked.milliCpu <= node.allocatable().milliCpu
                && asked.memory <= node.allocatable().memory
                && asked.ephemeralStorage <= node.allocatable().ephemeralStorage;
        for (Map.Entry<String, Long> other : asked.others().entrySet()) {
            long all = node.allocatable().get(other.getKey());
            if (all == 0 && other.getKey().indexOf('/') > 0 && fromDevices.test(other.getKey())) {
                continue;
            }
            if (other.getValue() > 0 && !ignores(other.getKey()) && other.getValue() > all - node.requested().get(other.getKey())) {
                reasons.append(count++ == 0 ? "" : "\n").append("Insufficient ").append(other.getKey());
                only = null;
                resolvable &= other.getValue() <= all;
            }
        }
        if (count == 0) {
            return null;
        }
        return count == 1 && only != null && resolvable ? only : new Rejection(reasons.toString(), resolvable);
    }

    @Override
    public Object kind(PodInfo pod) {
        Set<String> delegated = null;
        for (String resource : pod.requests().others().keySet()) {
            if (resource.indexOf('/') > 0 && fromDevices.test(resource)) {
                delegated = delegated == null ? new TreeSet<>() : delegated;
                delegated.add(resource);
            }
        }
        return delegated == null ? "" : delegated;
    }

    @Override
    public NodeScore score(Cycle cycle) {
        Resources asked = cycle.pod().scored();
        return node -> strategy.score(node, asked);
    }

    @Override
    public Reach filterReach() {
        return Reach.NODE;
    }

    @Override
    public Reach scoreReach() {
        return Reach.NODE;
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EVENTS;
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        if (event.kind() == ClusterEvent.Kind.DEVICE_CLASS) {
            return !pod.requests().others().isEmpty();
        }
        if (!(event.after() instanceof Node now)) {
            return true;
        }
        Resources all = Resources.of(now.status().allocatable());
        Resources asked = pod.requests();
        return asked.milliCpu <= all.milliCpu && asked.memory <= all.memory && asked.ephemeralStorage <= all.ephemeralStorage && all.pods > 0
                && asked.others().entrySet().stream().allMatch(other -> ignores(other.getKey()) || fromDevices.test(other.getKey()) || other.getValue() <= all.get(other.getKey()));
    }
}
