package io.j8s.controllers.nodelifecycle;

import io.j8s.client.queue.TokenBucket;
import io.j8s.runtime.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How each zone is doing, which of its nodes wait to be cleared, and how fast they may be.
final class Zones {
    private static final Logger LOG = LoggerFactory.getLogger(Zones.class);

    private final Timeline time;
    private final NodeLifecycleSettings settings;
    // guarded by this
    private final Map<String, Zone> zones = new HashMap<>();

    enum State { INITIAL, NORMAL, PARTIAL_DISRUPTION, FULL_DISRUPTION }

    /// What the last look at all nodes means for the whole cluster.
    enum Verdict {
        /// Zones are judged one by one.
        NORMAL,
        /// Not one node is ready: more likely this process or its network fails than all nodes do; nothing is cleared, and taints are taken back.
        ALL_DISRUPTED,
        /// Some node is ready again after none was: silence until now says nothing.
        RECOVERED
    }

    private static final class Zone {
        final TokenBucket rate;
        final Set<String> waiting = new LinkedHashSet<>();
        State state = State.INITIAL;

        Zone(TokenBucket rate) {
            this.rate = rate;
        }
    }

    /// @param ready how many nodes of a zone are
    /// @param unready how many are not
    record Count(int ready, int unready) {}

    Zones(Timeline time, NodeLifecycleSettings settings) {
        this.time = time;
        this.settings = settings;
    }

    private Zone zone(String name) {
        return zones.computeIfAbsent(name, n -> new Zone(new TokenBucket(time, settings.evictionRate(), 1)));
    }

    /// A node has to be cleared.
    synchronized void add(String zone, String node) {
        zone(zone).waiting.add(node);
    }

    /// A node need not be cleared any more.
    synchronized void remove(String zone, String node) {
        zone(zone).waiting.remove(node);
    }

    synchronized boolean anyWaiting() {
        return zones.values().stream().anyMatch(zone -> !zone.waiting.isEmpty());
    }

    /// The nodes that may be cleared now.
    synchronized List<String> due() {
        List<String> due = new ArrayList<>();
        for (Zone zone : zones.values()) {
            while (!zone.waiting.isEmpty() && zone.rate.tryTake()) {
                String node = zone.waiting.iterator().next();
                zone.waiting.remove(node);
                due.add(node);
            }
        }
        return due;
    }

    private State state(Count count) {
        if (count.ready == 0 && count.unready > 0) {
            return State.FULL_DISRUPTION;
        }
        boolean partial = count.unready > 2 && (double) count.unready / (count.unready + count.ready) >= settings.unhealthyShare();
        return partial ? State.PARTIAL_DISRUPTION : State.NORMAL;
    }

    synchronized Verdict judge(Map<String, Count> counts) {
        counts.keySet().forEach(this::zone);
        zones.entrySet().removeIf(e -> !counts.containsKey(e.getKey()) && e.getValue().waiting.isEmpty());
        boolean allWere = !zones.isEmpty() && zones.values().stream().allMatch(z -> z.state == State.FULL_DISRUPTION);
        boolean allAre = !counts.isEmpty() && counts.values().stream().allMatch(c -> state(c) == State.FULL_DISRUPTION);
        if (allAre && allWere) {
            return Verdict.NORMAL;
        }
        if (allAre) {
            LOG.info("No node is ready: nothing is evicted until one is");
            zones.values().forEach(zone -> {
                zone.state = State.FULL_DISRUPTION;
                zone.rate.rate(0);
                zone.waiting.clear();
            });
            return Verdict.ALL_DISRUPTED;
        }
        counts.forEach((name, count) -> enter(name, zone(name), state(count), count));
        return allWere ? Verdict.RECOVERED : Verdict.NORMAL;
    }

    private void enter(String name, Zone zone, State state, Count count) {
        if (zone.state == state) {
            return;
        }
        LOG.atInfo().addKeyValue("zone", name.replace("\0", "")).addKeyValue("state", state).log("A zone changes its state");
        zone.state = state;
        zone.rate.rate(switch (state) {
            case INITIAL, NORMAL, FULL_DISRUPTION -> settings.evictionRate();
            case PARTIAL_DISRUPTION -> count.ready + count.unready > settings.largeCluster() ? settings.secondaryEvictionRate() : 0;
        });
    }
}
