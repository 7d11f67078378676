package io.j8s.controllers.services;

import io.j8s.client.ObjectKey;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.Service;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Since when the newest endpoints of a service could have been known: proxies measure by it how long the network takes to follow (`endpoints.kubernetes.io/last-change-trigger-time`).
///
/// It is the earliest of the changes of readiness that were not seen at the last look; at the first look, when the service was made.
public final class TriggerTimes {
    private static final String ANNOTATION = "endpoints.kubernetes.io/last-change-trigger-time";
    private final Map<ObjectKey, Map<String, Instant>> seen = new ConcurrentHashMap<>();

    /// Null: nothing that has a time changed.
    public @Nullable Instant look(ObjectKey key, Service service, List<Pod> pods) {
        Map<String, Instant> now = new HashMap<>();
        for (Pod pod : pods) {
            PodCondition ready = Pods.condition(pod, "Ready");
            Instant changed = ready == null ? null : ready.lastTransitionTime();
            if (changed != null) {
                now.put(pod.metadata().name(), changed);
            }
        }
        Map<String, Instant> before = seen.put(key, now);
        if (before == null) {
            return service.metadata().creationTimestamp();
        }
        return now.entrySet().stream().filter(e -> {
            Instant earlier = before.get(e.getKey());
            return earlier == null || e.getValue().isAfter(earlier);
        }).map(Map.Entry::getValue).min(Instant::compareTo).orElse(null);
    }

    public void forget(ObjectKey key) {
        seen.remove(key);
    }

    /// The annotations with the time, or without one.
    public static Map<String, String> annotated(Map<String, String> annotations, @Nullable Instant time) {
        Map<String, String> result = new LinkedHashMap<>(annotations);
        result.remove(ANNOTATION);
        if (time != null) {
            result.put(ANNOTATION, time.toString());
        }
        return result;
    }
}
