package io.j8s.scheduler;

import io.j8s.runtime.Timeline;
import io.j8s.scheduler.framework.BindPlugin;
import io.j8s.scheduler.framework.Measures;
import io.j8s.scheduler.framework.PermitPlugin;
import io.j8s.scheduler.framework.PostBindPlugin;
import io.j8s.scheduler.framework.PreBindPlugin;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.framework.ReservePlugin;
import io.j8s.scheduler.framework.Unschedulable;
import io.j8s.scheduler.framework.WaitingPods;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Leads a pod from its choice to its node, through the profile's plugins: Reserve and Permit (on the scheduling task), then the wait for a permission, PreBind, Bind and PostBind (on the
/// pod's own task).
final class Binder {

    private final Profile profile;
    private final Extenders extenders;
    private final Expectation expectation;
    private final WaitingPods waiting;
    private final SchedulerMetrics metrics;
    private final Measures measures;
    private final Timeline timeline;

    /// Whether a pod may be bound at once, or after a wait.
    ///
    /// @param plugin who makes it wait; empty: nobody
    record Permission(String plugin, Duration most) {
        static final Permission NOW = new Permission("", Duration.ZERO);
    }

    /// A plugin does not let the pod be bound there.
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String plugin;

        Refused(String plugin, String reason) {
            super(reason, null, false, false);
            this.plugin = plugin;
        }

        String plugin() {
            return plugin;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /// Is told where a pod will be bound that has to wait for it; must not fail.
    interface Expectation {
        void expect(PodInfo pod, String node);
    }

    Binder(Profile profile, Extenders extenders, Expectation expectation, WaitingPods waiting, SchedulerMetrics metrics, Measures measures, Timeline timeline) {
        this.profile = profile;
        this.extenders = extenders;
        this.expectation = expectation;
        this.waiting = waiting;
        this.metrics = metrics;
        this.measures = measures;
        this.timeline = timeline;
    }

    /// @throws Refused when a plugin does not let it
    Permission reserve(PodInfo pod, NodeInfo node) {
        long start = measures.now();
        for (ReservePlugin plugin : profile.reserves()) {
            try {
                plugin.reserve(pod, node);
            } catch (Unschedulable e) {
                measures.point("Reserve", "Unschedulable", start);
                throw new Refused(plugin.name(), e.reason());
            } catch (RuntimeException e) {
                measures.point("Reserve", "Error", start);
                throw new IllegalStateException("running Reserve plugin \"" + plugin.name() + "\": " + e.getMessage(), e);
            }
        }
        measures.point("Reserve", "Success", start);
        return permit(pod, node);
    }

    private Permission permit(PodInfo pod, NodeInfo node) {
        long start = measures.now();
        Permission permission = Permission.NOW;
        for (PermitPlugin plugin : profile.permits()) {
            switch (plugin.permit(pod, node)) {
                case PermitPlugin.Word.Go() -> {}
                case PermitPlugin.Word.Back(String reason) -> {
                    measures.point("Permit", "Unschedulable", start);
                    throw new Refused(plugin.name(), reason);
                }
                case PermitPlugin.Word.Wait(Duration most) -> {
                    permission = permission.plugin.isEmpty() || most.compareTo(permission.most) < 0 ? new Permission(plugin.name(), most) : permission;
                    waiting.add(pod.uid());
                }
            }
        }
        measures.point("Permit", permission.plugin.isEmpty() ? "Success" : "Wait", start);
        return permission;
    }

    /// Gives back what plugins reserved, the last first.
    void unreserve(PodInfo pod, NodeInfo node) {
        long start = measures.now();
        profile.reserves().reversed().forEach(plugin -> plugin.unreserve(pod, node));
        measures.point("Unreserve", "Success", start);
    }

    /// Binds; answers what went wrong, or null.
    @Nullable RuntimeException bind(PodInfo pod, NodeInfo node, Permission permission) throws InterruptedException {
        try {
            announce(pod, node, permission);
            awaitPermission(pod, permission);
            long start = measures.now();
            boolean sampled = measures.sampled();
            for (PreBindPlugin plugin : profile.preBinds()) {
                preBind(plugin, pod, node, start, sampled);
            }
            measures.point("PreBind", "Success", start);
            long binding = measures.now();
            bound(pod, node, binding, sampled);
            long after = measures.now();
            for (PostBindPlugin plugin : profile.postBinds()) {
                plugin.bound(pod, node);
            }
            measures.point("PostBind", "Success", after);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    /// A pod that is not bound at once tells its node (KEP-5278), so that nobody makes room for it elsewhere meanwhile; its binding takes that back.
    private void announce(PodInfo pod, NodeInfo node, Permission permission) {
        long start = measures.now();
        boolean work = false;
        for (PreBindPlugin plugin : profile.preBinds()) {
            work |= plugin.hasWork(pod);
        }
        measures.point("PreBindPreFlight", work ? "Success" : "Skip", start);
        if (work || !permission.plugin.isEmpty()) {
            expectation.expect(pod, node.name());
        }
    }

    private void preBind(PreBindPlugin plugin, PodInfo pod, NodeInfo node, long start, boolean sampled) throws InterruptedException {
        long mine = measures.now();
        try {
            plugin.preBind(pod, node);
        } catch (RuntimeException e) {
            measures.point("PreBind", "Error", start);
            throw new IllegalStateException("running PreBind plugin \"" + plugin.name() + "\": " + e.getMessage(), e);
        }
        if (sampled) {
            measures.plugin(plugin.name(), "PreBind", "Success", mine);
        }
    }

    private void bound(PodInfo pod, NodeInfo node, long start, boolean sampled) {
        try {
            bind(pod, node);
        } catch (RuntimeException e) {
            measures.point("Bind", "Error", start);
            throw e;
        }
        measures.point("Bind", "Success", start);
        if (sampled) {
            measures.plugin("DefaultBinder", "Bind", "Success", start);
        }
    }

    private void awaitPermission(PodInfo pod, Permission permission) throws InterruptedException {
        if (permission.plugin.isEmpty()) {
            return;
        }
        long start = timeline.nanoTime();
        String refused = waiting.await(pod.uid(), permission.most);
        metrics.permitWait.observe((timeline.nanoTime() - start) / 1e9, refused == null ? "Success" : "Unschedulable");
        if (refused != null) {
            throw new Refused(permission.plugin, refused);
        }
    }

    private void bind(PodInfo pod, NodeInfo node) {
        BindPlugin extender = extenders.binder(pod);
        if (extender != null && extender.bind(pod, node)) {
            return;
        }
        for (BindPlugin plugin : profile.binds()) {
            try {
                if (plugin.bind(pod, node)) {
                    return;
                }
            } catch (RuntimeException e) {
                if (PodWrites.podIsGone(e)) {
                    throw e;
                }
                throw new IllegalStateException("running Bind plugin \"" + plugin.name() + "\": " + e.getMessage(), e);
            }
        }
        throw new IllegalStateException("no bind plugin of profile " + profile.schedulerName() + " has bound the pod");
    }
}
