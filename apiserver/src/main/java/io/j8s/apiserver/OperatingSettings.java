package io.j8s.apiserver;

import io.j8s.apiserver.aggregation.AggregationSettings;
import java.time.Duration;

/// How a server is run, beside what it serves. Names of upstream's flags in parentheses.
///
/// @param compaction how often the store forgets history (`--etcd-compaction-interval`); zero: never
/// @param storeCheck how long the store may take to answer health checks (`--etcd-healthcheck-timeout`, `--etcd-readycheck-timeout`)
/// @param aggregation how extension servers are reached
public record OperatingSettings(Duration compaction, Duration storeCheck, AggregationSettings aggregation) {

    public static final OperatingSettings DEFAULT = new OperatingSettings(Duration.ofMinutes(5), Duration.ofSeconds(2), AggregationSettings.DEFAULT);

    public OperatingSettings withCompaction(Duration every) {
        return new OperatingSettings(every, storeCheck, aggregation);
    }

    public OperatingSettings withStoreCheck(Duration atMost) {
        return new OperatingSettings(compaction, atMost, aggregation);
    }

    public OperatingSettings withAggregation(AggregationSettings other) {
        return new OperatingSettings(compaction, storeCheck, other);
    }
}
