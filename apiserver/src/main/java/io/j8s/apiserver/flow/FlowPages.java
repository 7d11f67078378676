package io.j8s.apiserver.flow;

import io.j8s.runtime.metrics.Gauge;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// What can be seen of priority and fairness from outside: the tables below `/debug/api_priority_and_fairness/` and the metrics `apiserver_flowcontrol_…`.
public final class FlowPages {

    public static final String BELOW = "/debug/api_priority_and_fairness/";

    private static final String NAME = "apiserver_flowcontrol_";
    private static final String[] SCHEMA = {"flow_schema", "priority_level"};

    private final FlowControl flow;

    public FlowPages(FlowControl flow) {
        this.flow = flow;
    }

    /// `dump_priority_levels`
    public String levels() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("PriorityLevelName", "ActiveQueues", "IsIdle", "IsQuiescing", "WaitingRequests", "ExecutingRequests", "DispatchedRequests", "RejectedRequests",
                "TimedoutRequests", "CancelledRequests"));
        flow.levelStates().forEach((name, level) -> {
            long running = level.running();
            rows.add(List.of(name, text(level.queued().size()), Boolean.toString(running == 0 && level.waiting() == 0), "false", text(level.waiting()), text(running),
                    text(level.dispatched()), text(level.rejected()), text(level.timedOut()), text(level.cancelled())));
        });
        return table(rows);
    }

    /// `dump_queues`: flows that wait take the place of queues.
    public String queues() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("PriorityLevelName", "Index", "PendingRequests", "ExecutingRequests", "SeatsInUse", "NextDispatchR", "InitialSeatsSum", "MaxSeatsSum", "TotalWorkSum"));
        flow.levelStates().forEach((name, level) -> {
            if (!level.rule().exempt() && level.rule().queues()) {
                for (int i = 0; i < Math.max(level.rule().declaredQueues(), level.queued().size()); i++) {
                    int pending = i < level.queued().size() ? level.queued().get(i).getValue() : 0;
                    rows.add(List.of(name, text(i), text(pending), i == 0 ? text(level.running()) : "0", i == 0 ? text(level.seats()) : "0", "0.00000000ss", text(pending), text(pending > 0 ? 1 : 0),
                            "0.00000000ss"));
                }
            }
        });
        return table(rows);
    }

    /// `dump_requests`: those that wait.
    public String requests() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("PriorityLevelName", "FlowSchemaName", "QueueIndex", "RequestIndexInQueue", "FlowDistingsher", "ArriveTime", "InitialSeats", "FinalSeats", "AdditionalLatency",
                "StartTime"));
        flow.levelStates().forEach((name, level) -> {
            for (int i = 0; i < level.queued().size(); i++) {
                String called = level.queued().get(i).getKey();
                int slash = called.indexOf('/');
                for (int j = 0; j < level.queued().get(i).getValue(); j++) {
                    rows.add(List.of(name, slash < 0 ? called : called.substring(0, slash), text(i), text(j), slash < 0 ? "" : called.substring(slash + 1), "", "1", "0", "0s", ""));
                }
            }
        });
        return table(rows);
    }

    private static String text(long number) {
        return Long.toString(number);
    }

    /// Columns of one width each, separated by commas.
    private static String table(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length() + 2);
            }
        });
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < columns - 1; i++) {
                String cell = row.get(i) + ",";
                text.append(cell).repeat(' ', Math.max(8, widths[i]) - cell.length());
            }
            text.append(row.getLast()).append('\n');
        }
        return text.toString();
    }

    /// Registers the metrics. What is told of schemas and levels is asked for when it is read.
    public void register(MetricRegistry registry) {
        level(registry, "nominal_limit_seats", "[BETA] Nominal number of execution seats configured for each priority level", level -> level.rule().nominal());
        level(registry, "lower_limit_seats", "[ALPHA] Configured lower bound on number of execution seats available to each priority level", level -> level.rule().lower());
        level(registry, "upper_limit_seats", "[ALPHA] Configured upper bound on number of execution seats available to each priority level", level -> level.rule().upper());
        level(registry, "current_limit_seats", "[ALPHA] current derived number of execution seats available to each priority level", level -> Math.max(level.rule().nominal(), level.seats()));
        schema(registry.gauge(NAME + "current_executing_requests", "[BETA] Number of requests in initial (for a WATCH) or any (for a non-WATCH) execution stage in the API Priority and Fairness subsystem",
                SCHEMA), one -> one.executing.sum());
        schema(registry.gauge(NAME + "current_executing_seats", "[BETA] Concurrency (number of seats) occupied by the currently executing (initial stage for a WATCH, any stage otherwise) requests in "
                + "the API Priority and Fairness subsystem", SCHEMA), one -> one.seats.sum());
        schema(registry.gauge(NAME + "current_inqueue_requests", "[BETA] Number of requests currently pending in queues of the API Priority and Fairness subsystem", SCHEMA), one -> one.waiting.sum());
        schema(registry.gauge(NAME + "current_inqueue_seats", "[ALPHA] Number of seats currently pending in queues of the API Priority and Fairness subsystem", SCHEMA), one -> one.waitingSeats.sum());
        schema(registry.counterFrom(NAME + "dispatched_requests_total", "[BETA] Number of requests executed by API Priority and Fairness subsystem", SCHEMA), one -> one.dispatched.sum());
        registry.counterFrom(NAME + "rejected_requests_total", "[BETA] Number of requests rejected by API Priority and Fairness subsystem", "flow_schema", "priority_level", "reason").ofAll(this::rejected);
        overTime(registry);
    }

    private void overTime(MetricRegistry registry) {
        String every = "EXPERIMENTAL: [ALPHA] Observations, at the end of every nanosecond, of ";
        registry.histogram(NAME + "demand_seats", every + "(the number of seats each priority level could use) / (nominal number of seats for that level)", LevelTimes.DEMANDS, "priority_level")
                .ofAll(() -> labelled(flow.times((times, now) -> times.demands.observed(now)), ""));
        registry.histogram(NAME + "priority_level_seat_utilization", every + "utilization of seats for any stage of execution (but only initial stage for WATCHes)", LevelTimes.SEATS,
                "phase", "priority_level").ofAll(() -> labelled(flow.times((times, now) -> times.seats.observed(now)), "executing"));
        registry.histogram(NAME + "priority_level_request_utilization", every + "number of requests (as a fraction of the relevant limit) waiting or in any stage of execution (but only initial stage "
                + "for WATCHes)", LevelTimes.REQUESTS, "phase", "priority_level").ofAll(() -> {
                    Map<List<String>, Histogram.Observed> all = labelled(flow.times((times, now) -> times.executing.observed(now)), "executing");
                    all.putAll(labelled(flow.times((times, now) -> times.waiting.observed(now)), "waiting"));
                    return all;
                });
        demand(registry, "demand_seats_average", "[ALPHA] Time-weighted average, over last adjustment period, of demand_seats", LevelTimes.Demand::average);
        demand(registry, "demand_seats_stdev", "[ALPHA] Time-weighted standard deviation, over last adjustment period, of demand_seats", LevelTimes.Demand::deviation);
        demand(registry, "demand_seats_high_watermark", "[ALPHA] High watermark, over last adjustment period, of demand_seats", LevelTimes.Demand::highest);
        demand(registry, "demand_seats_smoothed", "[ALPHA] Smoothed seat demands", LevelTimes.Demand::smoothed);
    }

    private static <T> Map<List<String>, T> labelled(Map<String, T> byLevel, String phase) {
        Map<List<String>, T> all = new HashMap<>();
        byLevel.forEach((level, value) -> all.put(phase.isEmpty() ? List.of(level) : List.of(phase, level), value));
        return all;
    }

    private void demand(MetricRegistry registry, String name, String help, ToDoubleFunction<LevelTimes.Demand> value) {
        registry.gauge(NAME + name, help, "priority_level").ofAll(() -> labelled(flow.times((times, now) -> value.applyAsDouble(times.demand(now))), ""));
    }

    private void level(MetricRegistry registry, String name, String help, ToDoubleFunction<FlowControl.LevelState> value) {
        registry.gauge(NAME + name, help, "priority_level").ofAll(() -> {
            Map<List<String>, Double> all = new HashMap<>();
            flow.levelStates().forEach((level, state) -> all.put(List.of(level), value.applyAsDouble(state)));
            return all;
        });
    }

    private void schema(Gauge family, ToDoubleFunction<SchemaCounts> value) {
        family.ofAll(() -> {
            Map<List<String>, Double> all = new HashMap<>();
            flow.counts().forEach((schema, one) -> all.put(List.of(schema, level(schema)), value.applyAsDouble(one)));
            return all;
        });
    }

    private Map<List<String>, Double> rejected() {
        Map<List<String>, Double> all = new HashMap<>();
        flow.counts().forEach((schema, one) -> one.rejected.forEach((reason, number) -> all.put(List.of(schema, level(schema), reason), (double) number.sum())));
        return all;
    }

    private String level(String schema) {
        return flow.rules().schemas().stream().filter(rule -> rule.name().equals(schema)).map(FlowRule::level).findFirst().orElse("");
    }
}
