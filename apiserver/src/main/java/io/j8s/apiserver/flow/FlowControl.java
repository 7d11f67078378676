package io.j8s.apiserver.flow;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.flowcontrol.v1.FlowSchema;
import io.j8s.model.flowcontrol.v1.PriorityLevelConfiguration;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets each request run, wait or be turned away (429), by the FlowSchemas and PriorityLevelConfigurations as they are now.
///
/// A limited level has seats in proportion to its shares. While seats of other levels lie idle, it may also use those that the others lend. When it has none, its
/// requests wait by flow, and the flows take turns. Exempt levels always run. Streams (watches, logs, exec) do not hold a seat while they last.
///
/// Threads: any number enter at once; a request waits on its own thread.
public final class FlowControl {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    private final ClusterState state;
    private final Timeline timeline;
    private final int seats;
    private volatile Rules rules = new Rules(-1, -1, List.of(), Map.of());
    /// Guards `levels`, what is in them, and `busy`. Never held while waiting.
    private final Object lock = new Object();
    private final Map<String, Level> levels = new HashMap<>();
    private int busy;

    /// The schemas in the order in which they are asked, and the levels by name.
    private record Rules(long schemasVersion, long levelsVersion, List<FlowRule> schemas, Map<String, PriorityLevelConfiguration> levels) {}

    /// A request's permission to run; to be closed when it has run.
    ///
    /// @param schemaUid, levelUid what it was classified as; empty when nothing is configured
    public record Ticket(String schemaUid, String levelUid, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    /// @param seats how many requests may run at once, apart from the exempt ones
    public FlowControl(ClusterState state, Timeline timeline, int seats) {
        this.state = state;
        this.timeline = timeline;
        this.seats = seats;
    }

    /// Waits for the request's turn; refuses with 429 when there is no room to wait, or the wait was in vain.
    public Ticket enter(User user, RequestInfo info) {
        Rules current = rules();
        for (FlowRule rule : current.schemas) {
            if (rule.matches(user, info)) {
                PriorityLevelConfiguration level = current.levels.get(rule.level());
                if (level != null) {
                    return enter(rule, level, user, info);
                }
            }
        }
        return new Ticket("", "", () -> {});
    }

    private Ticket enter(FlowRule rule, PriorityLevelConfiguration level, User user, RequestInfo info) {
        String schemaUid = rule.schema().metadata().uid();
        String levelUid = level.metadata().uid();
        if (level.spec().type().equals("Exempt") || lasts(info)) {
            return new Ticket(schemaUid, levelUid, () -> {});
        }
        String name = rule.level();
        Waiter waiter;
        synchronized (lock) {
            Level place = levels.computeIfAbsent(name, key -> new Level());
            if (place.isIdle() && hasSeat(name)) {
                take(place);
                waiter = null;
            } else {
                waiter = queue(place, level, rule.flow(user, info));
            }
        }
        if (waiter != null) {
            await(name, waiter);
        }
        return new Ticket(schemaUid, levelUid, () -> leave(name));
    }

    private static boolean lasts(RequestInfo info) {
        return info.verb().equals("watch") || switch (info.subresource()) {
            case "exec", "attach", "portforward", "log", "proxy" -> true;
            default -> false;
        };
    }

    private Waiter queue(Level place, PriorityLevelConfiguration level, String flow) {
        var response = level.spec().limited().limitResponse();
        if (!response.type().equals("Queue")) {
            throw tooMany();
        }
        Waiter waiter = new Waiter(timeline.gate());
        int flowLimit = Math.max(1, response.queuing().queueLengthLimit());
        if (!place.add(flow, waiter, flowLimit, flowLimit * Math.max(1, response.queuing().queues()))) {
            throw tooMany();
        }
        return waiter;
    }

    private void await(String level, Waiter waiter) {
        boolean granted = false;
        try {
            granted = waiter.gate().await(waiter::granted, LONGEST_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (granted) {
            return;
        }
        synchronized (lock) {
            Level place = levels.get(level);
            boolean stillWaits = place != null && place.remove(waiter);
            if (!stillWaits && waiter.granted()) {
                return;
            }
        }
        throw tooMany();
    }

    private static Refusal tooMany() {
        return Refusal.tooManyRequests("too many requests, please try again later", 1);
    }

    private void take(Level place) {
        place.running++;
        busy++;
    }

    private void leave(String level) {
        Waiter next = null;
        synchronized (lock) {
            Level place = levels.get(level);
            if (place != null) {
                place.running--;
            }
            busy--;
            for (Map.Entry<String, Level> entry : levels.entrySet()) {
                if (next == null && !entry.getValue().isIdle() && hasSeat(entry.getKey())) {
                    next = entry.getValue().next();
                    take(entry.getValue());
                }
            }
        }
        if (next != null) {
            next.grant();
        }
    }

    /// Whether a level has a seat of its own left, or may borrow one that no other level is entitled to.
    private boolean hasSeat(String name) {
        Rules current = rules;
        int shares = 0;
        for (PriorityLevelConfiguration level : current.levels.values()) {
            shares += shares(level);
        }
        PriorityLevelConfiguration own = current.levels.get(name);
        Level place = levels.get(name);
        if (own == null || place == null || place.running < nominal(own, shares)) {
            return true;
        }
        int reserved = 0;
        for (Map.Entry<String, PriorityLevelConfiguration> other : current.levels.entrySet()) {
            if (!other.getKey().equals(name)) {
                int nominal = nominal(other.getValue(), shares);
                int kept = nominal - nominal * other.getValue().spec().limited().lendablePercent() / 100;
                Level used = levels.get(other.getKey());
                reserved += Math.max(0, kept - (used == null ? 0 : used.running));
            }
        }
        return busy + reserved < seats;
    }

    private static int shares(PriorityLevelConfiguration level) {
        return level.spec().type().equals("Exempt") ? 0 : level.spec().limited().nominalConcurrencyShares();
    }

    private int nominal(PriorityLevelConfiguration level, int shares) {
        return shares == 0 ? 0 : Math.ceilDiv(seats * shares(level), shares);
    }

    private Rules rules() {
        Rules known = rules;
        long schemas = state.version(FlowSchema.RESOURCE);
        long configured = state.version(PriorityLevelConfiguration.RESOURCE);
        if (known.schemasVersion == schemas && known.levelsVersion == configured) {
            return known;
        }
        List<FlowRule> ordered = state.list(FlowSchema.RESOURCE, "").stream()
                .map(FlowRule::new)
                .sorted(Comparator.<FlowRule>comparingInt(rule -> rule.schema().spec().matchingPrecedence()).thenComparing(FlowRule::name))
                .toList();
        Map<String, PriorityLevelConfiguration> byName = new HashMap<>();
        state.list(PriorityLevelConfiguration.RESOURCE, "").forEach(level -> byName.put(level.metadata().name(), level));
        Rules made = new Rules(schemas, configured, ordered, Map.copyOf(byName));
        rules = made;
        return made;
    }

    /// For tests and metrics: how many requests run in a level now; null for one in which none ever did.
    @Nullable Integer running(String level) {
        synchronized (lock) {
            Level place = levels.get(level);
            return place == null ? null : place.running;
        }
    }
}
