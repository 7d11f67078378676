package io.j8s.apiserver.flow;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.metrics.HighestInSecond;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.flowcontrol.v1.FlowSchema;
import io.j8s.model.flowcontrol.v1.PriorityLevelConfiguration;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Lets each request run, wait or be turned away (429), by the FlowSchemas and PriorityLevelConfigurations as they are now (KEP-1040).
///
/// A limited level has seats in proportion to its shares. While seats of other levels lie idle, it may also use those that the others lend. When it has none, its
/// requests wait by flow, and the flows share what becomes free. Lists of many objects take several seats. Exempt levels always run. Streams (watches, logs, exec) do not hold a
/// seat while they last.
///
/// Threads: any number enter at once; a request waits on its own thread.
public final class FlowControl {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(15);
    private static final double[] SECONDS = {0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30};
    private static final double[] WIDTHS = {1, 2, 4, 8, 16, 32, 64, 100};
    private static final double[] LENGTHS = {0, 10, 25, 50, 100, 250, 500, 1000};
    private static final int OBJECTS_A_SEAT = 100;
    private static final int MOST_SEATS = 10;
    private static final Ticket FREE = new Ticket("", "", () -> {});

    private final ClusterState state;
    private final Timeline timeline;
    private final int seats;
    private final ToIntFunction<RequestInfo> objects;
    private final Duration longestWait;
    private final Map<String, SchemaCounts> counts = new ConcurrentHashMap<>();
    private final Histogram widths;
    private final Histogram lengths;
    private final Histogram waits;
    private final Histogram runs;
    private final HighestInSecond reading;
    private final HighestInSecond mutating;
    private volatile Rules rules = new Rules(-1, -1, List.of(), Map.of());

    /// Guards `levels`, what is in them, and `busy`. Never held while waiting.
    private final Object lock = new Object();
    private final Map<String, Level> levels = new HashMap<>();
    private int busy;

    /// The schemas in the order in which they are asked, and the levels by name.
    record Rules(long schemasVersion, long levelsVersion, List<FlowRule> schemas, Map<String, LevelRule> levels) {}

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
        this(state, timeline, seats, info -> 0, LONGEST_WAIT, new MetricRegistry());
    }

    /// @param objects how many objects a list may have to go through
    /// @param longestWait how long a request waits for its turn
    public FlowControl(ClusterState state, Timeline timeline, int seats, ToIntFunction<RequestInfo> objects, Duration longestWait, MetricRegistry metrics) {
        this.state = state;
        this.timeline = timeline;
        this.seats = seats;
        this.objects = objects;
        this.longestWait = longestWait;
        this.reading = new HighestInSecond(timeline);
        this.mutating = new HighestInSecond(timeline);
        metrics.gauge("apiserver_current_inqueue_requests", "[ALPHA] Maximal number of queued requests in this apiserver per request kind in last second.", "request_kind")
                .of(mutating::value, "mutating").of(reading::value, "readOnly");
        this.widths = metrics.histogram("apiserver_flowcontrol_work_estimated_seats",
                "[ALPHA] Number of estimated seats (maximum of initial and final seats) associated with requests in API Priority and Fairness", WIDTHS, "flow_schema", "priority_level");
        this.lengths = metrics.histogram("apiserver_flowcontrol_request_queue_length_after_enqueue",
                "[ALPHA] Length of queue in the API Priority and Fairness subsystem, as seen by each request after it is enqueued", LENGTHS, "flow_schema", "priority_level");
        this.waits = metrics.histogram("apiserver_flowcontrol_request_wait_duration_seconds", "[BETA] Length of time a request spent waiting in its queue", SECONDS, "execute", "flow_schema", "priority_level");
        this.runs = metrics.histogram("apiserver_flowcontrol_request_execution_seconds",
                "[ALPHA] Duration of initial stage (for a WATCH) or any (for a non-WATCH) stage of request execution in the API Priority and Fairness subsystem", SECONDS,
                "flow_schema", "priority_level", "type");
    }

    /// Waits for the request's turn; refuses with 429 when there is no room to wait, or the wait was in vain.
    public Ticket enter(User user, RequestInfo info) {
        Rules current = rules();
        for (FlowRule rule : current.schemas) {
            if (rule.matches(user, info)) {
                LevelRule level = current.levels.get(rule.level());
                if (level != null) {
                    return enter(rule, level, user, info);
                }
            }
        }
        return FREE;
    }

    private Ticket enter(FlowRule rule, LevelRule level, User user, RequestInfo info) {
        SchemaCounts own = counts.get(rule.name());
        if (own == null) {
            own = counts.computeIfAbsent(rule.name(), key -> counts(key, level));
        }
        if (lasts(info)) {
            SchemaCounts.observe(own.widths, 1);
            own.dispatched.increment();
            own.executing.increment();
            LongRunning running = new LongRunning(own);
            return new Ticket(rule.uid(), level.uid(), running);
        }
        int width = level.exempt() ? 1 : width(level, info);
        SchemaCounts.observe(own.widths, width);
        long started = timeline.nanoTime();
        Waiter waiter = null;
        synchronized (lock) {
            Level place = levels.get(level.name());
            if (place == null) {
                place = new Level(started);
                levels.put(level.name(), place);
            }
            if (level.exempt() || place.isIdle() && hasSeats(level, place, width)) {
                take(level, place, width);
            } else {
                waiter = queue(place, level, rule, own, rule.flow(user, info), width);
            }
            place.times.changed(level, place, started);
        }
        if (level.exempt()) {
            own.dispatched.increment();
            own.executing.increment();
            own.seats.add(width);
            return new Ticket(rule.uid(), level.uid(), new Seated(this, level, own, width, started));
        }
        if (waiter != null) {
            HighestInSecond kind = info.verb().equals("get") || info.verb().equals("list") ? reading : mutating;
            kind.entered(started);
            try {
                await(level.name(), waiter, own, started);
            } finally {
                kind.left();
            }
            long queued = started;
            started = timeline.nanoTime();
            SchemaCounts.observe(own.waits, started - queued);
        } else {
            SchemaCounts.observe(own.waits, 0);
        }
        own.dispatched.increment();
        own.executing.increment();
        own.seats.add(width);
        return new Ticket(rule.uid(), level.uid(), new Seated(this, level, own, width, started));
    }

    private SchemaCounts counts(String schema, LevelRule level) {
        Histogram.Series ran = runs.at(schema, level.name(), "regular");
        Histogram.Series needed = widths.at(schema, level.name());
        return level.exempt()
                ? new SchemaCounts(null, null, ran, needed, null)
                : new SchemaCounts(waits.at("true", schema, level.name()), waits.at("false", schema, level.name()), ran, needed, lengths.at(schema, level.name()));
    }

    private record LongRunning(SchemaCounts own) implements Runnable {
        @Override
        public void run() {
            own.executing.decrement();
        }
    }

    private record Seated(FlowControl flow, LevelRule level, SchemaCounts own, int width, long started) implements Runnable {
        @Override
        public void run() {
            long now = flow.timeline.nanoTime();
            SchemaCounts.observe(own.runs, now - started);
            own.executing.decrement();
            own.seats.add(-width);
            flow.leave(level, width, now);
        }
    }

    private static boolean lasts(RequestInfo info) {
        return info.verb().equals("watch") || switch (info.subresource()) {
            case "exec", "attach", "portforward", "log", "proxy" -> true;
            default -> false;
        };
    }

    private int width(LevelRule level, RequestInfo info) {
        if (!info.verb().equals("list") || !info.name().isEmpty()) {
            return 1;
        }
        int wanted = Math.ceilDiv(objects.applyAsInt(info), OBJECTS_A_SEAT);
        return Math.max(1, Math.min(wanted, Math.min(MOST_SEATS, level.nominal())));
    }

    private Waiter queue(Level place, LevelRule level, FlowRule rule, SchemaCounts own, String flow, int width) {
        if (!level.queues()) {
            place.rejected++;
            own.reject("concurrency-limit");
            throw tooMany();
        }
        Waiter waiter = new Waiter(timeline.gate(), width);
        if (!place.add(flow, waiter, level.flowLimit(), level.limit())) {
            place.rejected++;
            own.reject("queue-full");
            throw tooMany();
        }
        own.waiting.increment();
        own.waitingSeats.add(width);
        SchemaCounts.observe(own.lengths, place.queued(flow));
        return waiter;
    }

    private void await(String level, Waiter waiter, SchemaCounts own, long since) {
        boolean granted = false;
        boolean interrupted = false;
        try {
            granted = waiter.gate().await(waiter::granted, longestWait);
        } catch (InterruptedException e) {
            interrupted = true;
            Thread.currentThread().interrupt();
        }
        own.waiting.decrement();
        own.waitingSeats.add(-waiter.seats());
        if (granted) {
            return;
        }
        synchronized (lock) {
            Level place = levels.get(level);
            boolean stillWaits = place != null && place.remove(waiter);
            if (!stillWaits && waiter.granted()) {
                return;
            }
            if (place != null) {
                place.cancelled += interrupted ? 1 : 0;
                place.timedOut += interrupted ? 0 : 1;
            }
        }
        SchemaCounts.observe(own.refusedWaits, timeline.nanoTime() - since);
        own.reject(interrupted ? "cancelled" : "time-out");
        throw tooMany();
    }

    static Refusal tooMany() {
        return Refusal.tooManyRequests("too many requests, please try again later", 1);
    }

    private void take(LevelRule level, Level place, int width) {
        place.running++;
        place.seats += width;
        place.dispatched++;
        busy += level.exempt() ? 0 : width;
    }

    private void leave(LevelRule level, int width, long now) {
        List<Waiter> next = List.of();
        synchronized (lock) {
            Level place = levels.get(level.name());
            if (place != null) {
                place.running--;
                place.seats -= width;
                place.times.changed(level, place, now);
            }
            if (level.exempt()) {
                return;
            }
            busy -= width;
            for (Map.Entry<String, Level> entry : levels.entrySet()) {
                if (!entry.getValue().isIdle()) {
                    next = next.isEmpty() ? new ArrayList<>() : next;
                    dispatch(entry.getKey(), entry.getValue(), next, now);
                }
            }
        }
        next.forEach(Waiter::grant);
    }

    /// Takes out all that may run now.
    private void dispatch(String name, Level place, List<Waiter> granted, long now) {
        LevelRule rule = rules.levels.get(name);
        for (Waiter first = place.peek(); first != null && (rule == null || hasSeats(rule, place, first.seats())); first = place.peek()) {
            Waiter waiter = place.next();
            place.running++;
            place.seats += waiter.seats();
            place.dispatched++;
            busy += waiter.seats();
            granted.add(waiter);
        }
        if (rule != null) {
            place.times.changed(rule, place, now);
        }
    }

    /// Whether a level has seats of its own left, or may borrow some that no other level is entitled to.
    private boolean hasSeats(LevelRule level, Level place, int width) {
        if (place.seats + width <= level.nominal() || place.seats == 0) {
            return true;
        }
        if (place.seats + width > level.upper()) {
            return false;
        }
        int reserved = 0;
        for (LevelRule other : rules.levels.values()) {
            if (!other.name().equals(level.name()) && !other.exempt()) {
                Level used = levels.get(other.name());
                reserved += Math.max(0, other.lower() - (used == null ? 0 : used.seats));
            }
        }
        return busy + reserved + width <= seats;
    }

    Rules rules() {
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
        Rules made = new Rules(schemas, configured, ordered, LevelRule.all(state.list(PriorityLevelConfiguration.RESOURCE, ""), seats));
        rules = made;
        return made;
    }

    /// How the levels are now, by name, in the order of names.
    Map<String, LevelState> levelStates() {
        Map<String, LevelState> states = new java.util.TreeMap<>();
        for (LevelRule rule : rules().levels().values()) {
            synchronized (lock) {
                Level place = levels.get(rule.name());
                states.put(rule.name(), place == null
                        ? new LevelState(rule, 0, 0, 0, 0, 0, 0, 0, List.of())
                        : new LevelState(rule, place.seats, place.running, place.waiting(), place.dispatched, place.rejected, place.timedOut, place.cancelled, place.queued()));
            }
        }
        return states;
    }

    /// A level at one moment.
    ///
    /// @param queued how many requests of each flow wait
    record LevelState(
            LevelRule rule, int seats, int running, int waiting, long dispatched, long rejected, long timedOut, long cancelled, List<Map.Entry<String, Integer>> queued) {}

    /// What levels were asked for over time, by name; those where nothing ever ran are not there.
    <T> Map<String, T> times(BiFunction<LevelTimes, Long, T> of) {
        long now = timeline.nanoTime();
        Map<String, T> all = new java.util.TreeMap<>();
        synchronized (lock) {
            levels.forEach((name, level) -> all.put(name, of.apply(level.times, now)));
        }
        return all;
    }

    Map<String, SchemaCounts> counts() {
        return counts;
    }

    /// For tests and metrics: how many requests run in a level now; null for one in which none ever did.
    @Nullable Integer running(String level) {
        synchronized (lock) {
            Level place = levels.get(level);
            return place == null ? null : place.running;
        }
    }
}
