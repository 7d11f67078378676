package io.j8s.apiserver;

import io.j8s.apiserver.aggregation.AggregationSettings;
import io.j8s.apiserver.flow.FlowSettings;
import io.j8s.apiserver.serve.EdgeSettings;
import io.j8s.apiserver.serve.FeatureGates;
import io.j8s.apiserver.serve.ServedApis;
import io.j8s.apiserver.tracing.Tracer;
import java.time.Duration;
import java.util.Set;

/// How a server is run, beside what it serves. Names of upstream's flags in parentheses.
///
/// @param compaction how often the store forgets history (`--etcd-compaction-interval`); zero: never
/// @param storeCheck how long the store may take to answer health checks (`--etcd-healthcheck-timeout`, `--etcd-readycheck-timeout`)
/// @param aggregation how extension servers are reached
/// @param flow how many requests run at once
/// @param edge how requests are received
/// @param served which of the built-in versions and resources are served (`--runtime-config`)
/// @param gates what is new, and on or off (`--feature-gates`)
/// @param disabledMetrics which metrics are left out (`--disabled-metrics`)
/// @param leaseReuse how long objects that end by themselves share a lease (`--lease-reuse-duration-seconds`)
/// @param tracer follows requests (`--tracing-config-file`)
public record OperatingSettings(
        Duration compaction, Duration storeCheck, AggregationSettings aggregation, FlowSettings flow, EdgeSettings edge, ServedApis served, FeatureGates gates, Set<String> disabledMetrics,
        Duration leaseReuse, Tracer tracer) {

    public static final OperatingSettings DEFAULT = new OperatingSettings(Duration.ofMinutes(5), Duration.ofSeconds(2), AggregationSettings.DEFAULT, FlowSettings.DEFAULT, EdgeSettings.DEFAULT,
            ServedApis.ALL, FeatureGates.DEFAULT, Set.of(), Duration.ofMinutes(1), Tracer.NONE);

    public OperatingSettings withCompaction(Duration every) {
        return new OperatingSettings(every, storeCheck, aggregation, flow, edge, served, gates, disabledMetrics, leaseReuse, tracer);
    }

    public OperatingSettings withStoreCheck(Duration atMost) {
        return new OperatingSettings(compaction, atMost, aggregation, flow, edge, served, gates, disabledMetrics, leaseReuse, tracer);
    }

    public OperatingSettings withAggregation(AggregationSettings other) {
        return new OperatingSettings(compaction, storeCheck, other, flow, edge, served, gates, disabledMetrics, leaseReuse, tracer);
    }

    public OperatingSettings withFlow(FlowSettings settings) {
        return new OperatingSettings(compaction, storeCheck, aggregation, settings, edge, served, gates, disabledMetrics, leaseReuse, tracer);
    }

    public OperatingSettings withEdge(EdgeSettings settings) {
        return new OperatingSettings(compaction, storeCheck, aggregation, flow, settings, served, gates, disabledMetrics, leaseReuse, tracer);
    }

    public OperatingSettings withServed(ServedApis apis) {
        return new OperatingSettings(compaction, storeCheck, aggregation, flow, edge, apis, gates, disabledMetrics, leaseReuse, tracer);
    }

    public OperatingSettings withGates(FeatureGates features) {
        return new OperatingSettings(compaction, storeCheck, aggregation, flow, edge, served, features, disabledMetrics, leaseReuse, tracer);
    }

    public OperatingSettings withDisabledMetrics(Set<String> names) {
        return new OperatingSettings(compaction, storeCheck, aggregation, flow, edge, served, gates, names, leaseReuse, tracer);
    }

    public OperatingSettings withLeaseReuse(Duration span) {
        return new OperatingSettings(compaction, storeCheck, aggregation, flow, edge, served, gates, disabledMetrics, span, tracer);
    }

    public OperatingSettings withTracer(Tracer other) {
        return new OperatingSettings(compaction, storeCheck, aggregation, flow, edge, served, gates, disabledMetrics, leaseReuse, other);
    }
}
