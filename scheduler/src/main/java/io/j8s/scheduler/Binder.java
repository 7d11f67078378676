package io.j8s.scheduler;

import io.j8s.runtime.Timeline;
import io.j8s.scheduler.framework.BindPlugin;
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
    private final WaitingPods waiting;
    private final SchedulerMetrics metrics;
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

    Binder(Profile profile, Extenders extenders, WaitingPods waiting, SchedulerMetrics metrics, Timeline timeline) {
        this.profile = profile;
        this.extenders = extenders;
        this.waiting = waiting;
        this.metrics = metrics;
        this.timeline = timeline;
    }

    /// @throws Refused when a plugin does not let it
    Permission reserve(PodInfo pod, NodeInfo node) {
        for (ReservePlugin plugin : profile.reserves()) {
            try {
                plugin.reserve(pod, node);
            } catch (Unschedulable e) {
                throw new Refused(plugin.name(), e.reason());
            } catch (RuntimeException e) {
                throw new IllegalStateException("running Reserve plugin \"" + plugin.name() + "\": " + e.getMessage(), e);
            }
        }
        Permission permission = Permission.NOW;
        for (PermitPlugin plugin : profile.permits()) {
            switch (plugin.permit(pod, node)) {
                case PermitPlugin.Word.Go() -> {}
                case PermitPlugin.Word.Back(String reason) -> throw new Refused(plugin.name(), reason);
                case PermitPlugin.Word.Wait(Duration most) -> {
                    permission = permission.plugin.isEmpty() || most.compareTo(permission.most) < 0 ? new Permission(plugin.name(), most) : permission;
                    waiting.add(pod.uid());
                }
            }
        }
        return permission;
    }

    /// Gives back what plugins reserved, the last first.
    void unreserve(PodInfo pod, NodeInfo node) {
        profile.reserves().reversed().forEach(plugin -> plugin.unreserve(pod, node));
    }

    /// Binds; answers what went wrong, or null.
    @Nullable RuntimeException bind(PodInfo pod, NodeInfo node, Permission permission) throws InterruptedException {
        try {
            awaitPermission(pod, permission);
            for (PreBindPlugin plugin : profile.preBinds()) {
                try {
                    plugin.preBind(pod, node);
                } catch (RuntimeException e) {
                    throw new IllegalStateException("running PreBind plugin \"" + plugin.name() + "\": " + e.getMessage(), e);
                }
            }
            bind(pod, node);
            for (PostBindPlugin plugin : profile.postBinds()) {
                plugin.bound(pod, node);
            }
            return null;
        } catch (RuntimeException e) {
            return e;
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
