package io.j8s.apiserver.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What can be seen of priority and fairness from outside: the tables below `/debug/api_priority_and_fairness/` and the metrics `apiserver_flowcontrol_…`.
public final class FlowPages {

    public static final String BELOW = "/debug/api_priority_and_fairness/";

    private final FlowControl flow;

    public FlowPages(FlowControl flow) {
        this.flow = flow;
    }

    /// `dump_priority_levels`
    public String levels() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("PriorityLevelName", "ActiveQueues", "IsIdle", "IsQuiescing", "WaitingRequests", "ExecutingRequests", "DispatchedRequests", "RejectedRequests",
                "TimedoutRequests", "CancelledRequests"));
        Map<String, long[]> exempt = exempt();
        flow.levelStates().forEach((name, level) -> {
            long[] own = exempt.getOrDefault(name, new long[2]);
            long running = level.running() + own[0];
            rows.add(List.of(name, text(level.queued().size()), Boolean.toString(running == 0 && level.waiting() == 0), "false", text(level.waiting()), text(running),
                    text(level.dispatched() + own[1]), text(level.rejected()), text(level.timedOut()), text(level.cancelled())));
        });
        return table(rows);
    }

    /// Running and dispatched requests of exempt levels, which take no seats.
    private Map<String, long[]> exempt() {
        Map<String, long[]> sums = new TreeMap<>();
        FlowControl.Rules rules = flow.rules();
        for (FlowRule schema : rules.schemas()) {
            LevelRule level = rules.levels().get(schema.level());
            SchemaCounts counts = flow.counts().get(schema.name());
            if (level != null && level.exempt() && counts != null) {
                long[] sum = sums.computeIfAbsent(level.name(), key -> new long[2]);
                sum[0] += counts.executing.sum();
                sum[1] += counts.dispatched.sum();
            }
        }
        return sums;
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

    /// Appends the metrics in the text format.
    public void metrics(StringBuilder out) {
        Map<String, FlowControl.LevelState> states = flow.levelStates();
        levels(out, states, "nominal_limit_seats", "Nominal number of execution seats configured for each priority level", level -> level.rule().nominal());
        levels(out, states, "lower_limit_seats", "Configured lower bound on number of execution seats available to each priority level", level -> level.rule().lower());
        levels(out, states, "upper_limit_seats", "Configured upper bound on number of execution seats available to each priority level", level -> level.rule().upper());
        levels(out, states, "current_limit_seats", "current derived number of execution seats available to each priority level", level -> Math.max(level.rule().nominal(), level.seats()));
        TreeMap<String, SchemaCounts> counts = new TreeMap<>(flow.counts());
        schemas(out, counts, "current_executing_requests", "gauge", "Number of requests in initial (for a WATCH) or any (for a non-WATCH) execution stage", one -> one.executing.sum());
        schemas(out, counts, "current_executing_seats", "gauge", "Concurrency (number of seats) occupied by the currently executing requests", one -> one.seats.sum());
        schemas(out, counts, "current_inqueue_requests", "gauge", "Number of requests currently pending in queues of the API Priority and Fairness subsystem", one -> one.waiting.sum());
        schemas(out, counts, "current_inqueue_seats", "gauge", "Number of seats currently pending in queues of the API Priority and Fairness subsystem", one -> one.waiting.sum());
        schemas(out, counts, "dispatched_requests_total", "counter", "Number of requests executed by API Priority and Fairness subsystem", one -> one.dispatched.sum());
        head(out, "rejected_requests_total", "counter", "Number of requests rejected by API Priority and Fairness subsystem");
        counts.forEach((name, one) -> one.rejected.forEach((reason, number) ->
                sample(out, "rejected_requests_total", "flow_schema=\"" + name + "\",priority_level=\"" + level(name) + "\",reason=\"" + reason + "\"", number.sum())));
    }

    private interface OfLevel {
        long of(FlowControl.LevelState level);
    }

    private interface OfSchema {
        long of(SchemaCounts counts);
    }

    private static void levels(StringBuilder out, Map<String, FlowControl.LevelState> states, String name, String help, OfLevel value) {
        head(out, name, "gauge", help);
        states.forEach((level, state) -> sample(out, name, "priority_level=\"" + level + "\"", value.of(state)));
    }

    private void schemas(StringBuilder out, Map<String, SchemaCounts> counts, String name, String type, String help, OfSchema value) {
        head(out, name, type, help);
        counts.forEach((schema, one) -> sample(out, name, "flow_schema=\"" + schema + "\",priority_level=\"" + level(schema) + "\"", value.of(one)));
    }

    private String level(String schema) {
        return flow.rules().schemas().stream().filter(rule -> rule.name().equals(schema)).map(FlowRule::level).findFirst().orElse("");
    }

    private static void head(StringBuilder out, String name, String type, String help) {
        out.append("# HELP apiserver_flowcontrol_").append(name).append(" [BETA] ").append(help).append("\n# TYPE apiserver_flowcontrol_").append(name).append(' ').append(type).append('\n');
    }

    private static void sample(StringBuilder out, String name, String labels, long value) {
        out.append(String.format(Locale.ROOT, "apiserver_flowcontrol_%s{%s} %d\n", name, labels, value));
    }
}
