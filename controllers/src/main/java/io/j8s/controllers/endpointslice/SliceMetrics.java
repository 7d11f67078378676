package io.j8s.controllers.endpointslice;

import io.j8s.model.core.v1.Service;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.function.IntSupplier;

/// What is done to slices, as upstream's `endpoint_slice_controller_*` series.
final class SliceMetrics {
    private static final double[] PER_SYNC = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
    private final Counter changes;
    private final Counter syncs;
    private final Histogram perSync;

    /// @param slices how many there are
    SliceMetrics(MetricRegistry registry, IntSupplier slices) {
        changes = registry.counter("endpoint_slice_controller_changes", "Number of EndpointSlice changes", "operation");
        syncs = registry.counter("endpoint_slice_controller_syncs", "Number of EndpointSlice syncs", "result");
        perSync = registry.histogram("endpoint_slice_controller_endpointslices_changed_per_sync", "Number of EndpointSlices changed on each Service sync", PER_SYNC, "topology", "traffic_distribution");
        registry.gauge("endpoint_slice_controller_num_endpoint_slices", "Number of EndpointSlices").of(slices::getAsInt);
    }

    void applied(Service service, SlicePlan plan) {
        changes.add(plan.create().size(), "create");
        changes.add(plan.update().size(), "update");
        changes.add(plan.delete().size(), "delete");
        boolean byShares = Wanted.byShares(service);
        perSync.observe(plan.create().size() + plan.update().size() + plan.delete().size(), byShares ? "Auto" : "Disabled", byShares ? "" : service.spec().trafficDistribution());
    }

    /// @param result `success`, `stale` or `error`
    void synced(String result) {
        syncs.increment(result);
    }
}
