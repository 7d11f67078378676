package io.j8s.controllers.pods;

import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.Ownership;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.meta.v1.OwnerReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Facts about pods.
public final class Pods {
    private Pods() {}

    /// Neither finished nor being deleted.
    public static boolean active(Pod pod) {
        return !finished(pod) && pod.metadata().deletionTimestamp() == null;
    }

    /// Succeeded or failed.
    public static boolean finished(Pod pod) {
        String phase = pod.status().phase();
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /// Being deleted, but not finished yet.
    public static boolean terminating(Pod pod) {
        return !finished(pod) && pod.metadata().deletionTimestamp() != null;
    }

    public static boolean ready(Pod pod) {
        PodCondition condition = condition(pod, "Ready");
        return condition != null && condition.status().equals("True");
    }

    /// Since when it is ready; null when it is not.
    public static @Nullable Instant readySince(Pod pod) {
        PodCondition condition = condition(pod, "Ready");
        return condition != null && condition.status().equals("True") ? condition.lastTransitionTime() : null;
    }

    /// Ready for so long.
    public static boolean available(Pod pod, int minReadySeconds, Instant now) {
        if (!ready(pod)) {
            return false;
        }
        Instant since = readySince(pod);
        return minReadySeconds == 0 || (since != null && !since.plusSeconds(minReadySeconds).isAfter(now));
    }

    /// How long until the next of the ready pods becomes available; null when none will by itself.
    public static @Nullable Duration untilNextAvailable(List<Pod> pods, int minReadySeconds, Instant now) {
        Duration shortest = null;
        for (Pod pod : pods) {
            Instant since = readySince(pod);
            if (since != null && !available(pod, minReadySeconds, now)) {
                Duration left = Duration.between(now, since.plusSeconds(minReadySeconds));
                shortest = shortest == null || left.compareTo(shortest) < 0 ? left : shortest;
            }
        }
        return shortest;
    }

    public static @Nullable PodCondition condition(Pod pod, String type) {
        for (PodCondition condition : pod.status().conditions()) {
            if (condition.type().equals(type)) {
                return condition;
            }
        }
        return null;
    }

    /// The pods by their controller's uid, or, for those without one, by namespace ([#ownedOrOrphaned]).
    public static Index<Pod> byController(Informer<Pod> pods) {
        return pods.index("controller", Pods::controllerKey);
    }

    private static Collection<String> controllerKey(Pod pod) {
        OwnerReference controller = Ownership.controllerOf(pod);
        return List.of(controller == null ? orphans(pod.metadata().namespace()) : controller.uid());
    }

    /// The pods with this controller, and those of the namespace that have none.
    public static List<Pod> ownedOrOrphaned(Index<Pod> byController, String namespace, String uid) {
        List<Pod> found = new ArrayList<>(byController.get(uid));
        found.addAll(byController.get(orphans(namespace)));
        return found;
    }

    private static String orphans(String namespace) {
        return "orphans/" + namespace;
    }
}
