package io.j8s.apiserver;

import io.j8s.apiserver.aggregation.AggregationSettings;
import io.j8s.apiserver.flow.FlowSettings;
import io.j8s.apiserver.serve.EdgeSettings;
import io.j8s.apiserver.serve.FeatureGates;
import io.j8s.apiserver.serve.ServedApis;
import java.time.Duration;

/// How a server is run, beside what it serves. Names of upstream's flags in parentheses.
///
/// @param compaction how often the store forgets history (`--etcd-compaction-interval`); zero: never
/// @param storeCheck how long the store may take to answer health checks (`--etcd-healthcheck-timeout`, `--etcd-readycheck-timeout`)
/// @param aggregation how extension servers are reached
/// @param flow how many requests run at once
/// @param edge how requests are received
/// @param served which of the built-in versions and resources are served (`--runtime-config`)
/// @param gates what is new, and on or off (`--feature-gates`)
public record OperatingSettings(
        Duration compaction, Duration storeCheck, AggregationSettings aggregation, FlowSettings flow, EdgeSettings edge, ServedApis served, FeatureGates gates) {

    public static final OperatingSettings DEFAULT =
            new OperatingSettings(Duration.ofMinutes(5), Duration.ofSeconds(2), AggregationSettings.DEFAULT, FlowSettings.DEFAULT, EdgeSettings.DEFAULT, ServedApis.ALL, FeatureGates.DEFAULT);

    public OperatingSettings withCompaction(Duration every) {
        return new OperatingSettings(every, storeCheck, aggregation, flow, edge, served, gates);
    }

    public OperatingSettings withStoreCheck(Duration atMost) {
        return new OperatingSettings(compaction, atMost, aggregation, flow, edge, served, gates);
    }

    public OperatingSettings withAggregation(AggregationSettings other) {
        return new OperatingSettings(compaction, storeCheck, other, flow, edge, served, gates);
    }

    public OperatingSettings withFlow(FlowSettings settings) {
        return new OperatingSettings(compaction, storeCheck, aggregation, settings, edge, served, gates);
    }

    public OperatingSettings withEdge(EdgeSettings settings) {
        return new OperatingSettings(compaction, storeCheck, aggregation, flow, settings, served, gates);
    }

    public OperatingSettings withServed(ServedApis apis) {
        return new OperatingSettings(compaction, storeCheck, aggregation, flow, edge, apis, gates);
    }

    public OperatingSettings withGates(FeatureGates features) {
        return new OperatingSettings(compaction, storeCheck, aggregation, flow, edge, served, features);
    }
}
