package io.j8s.scheduler;

import io.j8s.scheduler.framework.ClusterEvent;
import io.j8s.scheduler.framework.Diagnosis;
import io.j8s.scheduler.framework.Nominations;
import io.j8s.scheduler.framework.Placement;
import io.j8s.scheduler.framework.PostFilterPlugin;
import io.j8s.scheduler.framework.WakeUpPlugin;
import io.j8s.scheduler.state.ClusterState;
import io.j8s.scheduler.state.PodInfo;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// Makes room for pods that matter more, by [Preemption].
final class DefaultPreemption implements PostFilterPlugin, WakeUpPlugin {

    private final Preemption preemption;
    private final ClusterState cluster;
    private final Nominations nominations;
    private final Supplier<Placement> placement;
    private final Supplier<Extenders> extenders;
    private final BiConsumer<PodInfo, Preemption.Choice> execute;

    /// @param placement of the profile that this is part of
    /// @param execute makes the victims go, on tasks of its own
    DefaultPreemption(
            Preemption preemption, ClusterState cluster, Nominations nominations, Supplier<Placement> placement, Supplier<Extenders> extenders, BiConsumer<PodInfo, Preemption.Choice> execute) {
        this.preemption = preemption;
        this.cluster = cluster;
        this.nominations = nominations;
        this.placement = placement;
        this.extenders = extenders;
        this.execute = execute;
    }

    @Override
    public String name() {
        return "DefaultPreemption";
    }

    @Override
    public Outcome makeRoom(PodInfo pod, Diagnosis diagnosis) {
        String forbidden = preemption.forbidden(pod, nominations.of(pod.uid()), diagnosis);
        if (forbidden != null) {
            return new Outcome.Nothing("preemption: " + forbidden, true);
        }
        Preemption.Found found = preemption.find(placement.get(), pod, diagnosis);
        if (found.choices().isEmpty()) {
            return new Outcome.Nothing("preemption: 0/" + cluster.nodes().size() + " nodes are available:" + Diagnosis.counted(found.refused()), false);
        }
        List<Preemption.Choice> choices;
        try {
            choices = extenders.get().preempting(pod, found.choices());
        } catch (IllegalStateException e) {
            return new Outcome.Nothing("preemption: " + e.getMessage(), true);
        }
        Preemption.Choice best = Preemption.best(choices);
        if (best == null) {
            return new Outcome.Nothing("preemption: no candidate node for preemption", true);
        }
        execute.accept(pod, best);
        return new Outcome.Nominated(best.node().name());
    }

    @Override
    public Set<ClusterEvent.Kind> events() {
        return EnumSet.of(ClusterEvent.Kind.ASSIGNED_POD_DELETED);
    }

    @Override
    public boolean mayHelp(PodInfo pod, ClusterEvent event) {
        return true;
    }
}
