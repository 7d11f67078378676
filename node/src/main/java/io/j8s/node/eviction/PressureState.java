package io.j8s.node.eviction;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which thresholds are fallen short of, since when, and what conditions the node tells. No I/O; owned by one thread.
final class PressureState {
    private final EvictionSettings settings;
    private final Map<Threshold, Instant> metSince = new LinkedHashMap<>();
    private final Map<String, Instant> conditionSeen = new TreeMap<>();

    PressureState(EvictionSettings settings) {
        this.settings = settings;
    }

    /// Takes what was observed; answers the thresholds for which pods have to make room now, the most pressing first: those of memory.
    List<Threshold> observe(Map<Signal, Observation> observations, Instant now) {
        Map<Threshold, Instant> before = new HashMap<>(metSince);
        metSince.clear();
        for (Threshold threshold : settings.thresholds()) {
            Observation observed = observations.get(threshold.signal());
            if (observed != null && threshold.met(observed, before.containsKey(threshold))) {
                metSince.put(threshold, before.getOrDefault(threshold, now));
                conditionSeen.put(threshold.signal().condition(), now);
            }
        }
        conditionSeen.values().removeIf(seen -> Duration.between(seen, now).compareTo(settings.transition()) >= 0 && !seen.equals(now));
        List<Threshold> due = new ArrayList<>(metSince.keySet().stream().filter(t -> Duration.between(metSince.getOrDefault(t, now), now).compareTo(t.grace()) >= 0).toList());
        due.sort(java.util.Comparator.comparing(threshold -> threshold.signal().memory() ? 0 : 1));
        return due;
    }

    /// The node's conditions that hold; each for a while after its cause went.
    List<String> conditions() {
        return List.copyOf(conditionSeen.keySet());
    }
}
