package io.j8s.node.eviction;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// When a node is short of something (upstream's `eviction…` fields and flags).
///
/// @param thresholds hard and soft ones
/// @param transition how long a condition stays after its cause went (`evictionPressureTransitionPeriod`)
/// @param longestGraceSeconds that a pod gets when a soft threshold ends it (`evictionMaxPodGracePeriod`)
/// @param localStorage whether pods that write more than their limits are ended (`localStorageCapacityIsolation`)
public record EvictionSettings(List<Threshold> thresholds, Duration transition, int longestGraceSeconds, boolean localStorage) {

    /// Upstream's hard thresholds on Linux.
    public static final Map<String, String> HARD = Map.of(
            "memory.available", "100Mi", "nodefs.available", "10%", "nodefs.inodesFree", "5%", "imagefs.available", "15%", "imagefs.inodesFree", "5%");

    public static final EvictionSettings DEFAULT = of(HARD, Map.of(), Map.of(), Map.of(), Duration.ofMinutes(5), 0, true);

    public EvictionSettings {
        thresholds = List.copyOf(thresholds);
    }

    /// From signals' names to amounts (`100Mi`, `10%`), spans of grace, and amounts.
    public static EvictionSettings of(
            Map<String, String> hard, Map<String, String> soft, Map<String, Duration> softGrace, Map<String, String> minimumReclaim, Duration transition,
            int longestGraceSeconds, boolean localStorage) {
        Map<Signal, Amount> reclaims = new LinkedHashMap<>();
        minimumReclaim.forEach((signal, amount) -> reclaims.put(Signal.of(signal), Amount.parse(signal, amount)));
        softGrace.keySet().forEach(Signal::of);
        List<Threshold> thresholds = new ArrayList<>();
        hard.forEach((name, text) -> add(thresholds, Signal.of(name), text, Duration.ZERO, reclaims));
        soft.forEach((name, text) -> {
            Duration grace = softGrace.get(name);
            if (grace == null) {
                throw new IllegalArgumentException("grace period must be specified for the soft eviction threshold " + name);
            }
            if (grace.isNegative()) {
                throw new IllegalArgumentException("invalid eviction grace period specified: " + grace + ", must be a positive value");
            }
            add(thresholds, Signal.of(name), text, grace, reclaims);
        });
        return new EvictionSettings(thresholds, transition, longestGraceSeconds, localStorage);
    }

    /// 0 % and 100 % turn a threshold off.
    private static void add(List<Threshold> thresholds, Signal signal, String text, Duration grace, Map<Signal, Amount> reclaims) {
        Amount amount = Amount.parse(signal.text(), text);
        if (!text.equals("0%") && !text.equals("100%")) {
            thresholds.add(new Threshold(signal, amount, grace, reclaims.get(signal)));
        }
    }

    /// The hard threshold of a signal, of this capacity; 0 without one. It stays free of what pods may ask for.
    public long reserved(Signal signal, long capacity) {
        return thresholds.stream().filter(t -> t.hard() && t.signal() == signal).mapToLong(t -> t.amount().of(capacity)).max().orElse(0);
    }
}
