package io.j8s.apiserver;

import io.j8s.apiserver.aggregation.AggregationSettings;
import io.j8s.apiserver.flow.FlowSettings;
import java.time.Duration;

/// How a server is run, beside what it serves. Names of upstream's flags in parentheses.
///
/// @param compaction how often the store forgets history (`--etcd-compaction-interval`); zero: never
/// @param storeCheck how long the store may take to answer health checks (`--etcd-healthcheck-timeout`, `--etcd-readycheck-timeout`)
/// @param aggregation how extension servers are reached
/// @param flow how many requests run at once
public record OperatingSettings(Duration compaction, Duration storeCheck, AggregationSettings aggregation, FlowSettings flow) {

    public static final OperatingSettings DEFAULT =
            new OperatingSettings(Duration.ofMinutes(5), Duration.ofSeconds(2), AggregationSettings.DEFAULT, FlowSettings.DEFAULT);

    public OperatingSettings withCompaction(Duration every) {
        return new OperatingSettings(every, storeCheck, aggregation, flow);
    }

    public OperatingSettings withStoreCheck(Duration atMost) {
        return new OperatingSettings(compaction, atMost, aggregation, flow);
    }

    public OperatingSettings withAggregation(AggregationSettings other) {
        return new OperatingSettings(compaction, storeCheck, other, flow);
    }

    public OperatingSettings withFlow(FlowSettings settings) {
        return new OperatingSettings(compaction, storeCheck, aggregation, settings);
    }
}
