package io.j8s.controllers.endpointslice;

import io.j8s.client.ObjectKey;
import io.j8s.controllers.frame.Buckets;
import io.j8s.model.core.v1.Service;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/// What is done to slices, as upstream's `endpoint_slice_controller_*` series.
final class SliceMetrics {
    private static final double[] PER_SYNC = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
    private final Counter changes;
    private final Counter syncs;
    private final Histogram perSync;
    private final Histogram added;
    private final Histogram removed;
    /// What each service is to have.
    private final Map<ObjectKey, Desired> desired = new ConcurrentHashMap<>();

    private record Desired(int endpoints, int slices, String distribution) {}

    /// @param slices how many there are
    SliceMetrics(MetricRegistry registry, IntSupplier slices) {
        changes = registry.counter("endpoint_slice_controller_changes", "[ALPHA] Number of EndpointSlice changes", "operation");
        syncs = registry.counter("endpoint_slice_controller_syncs", "[ALPHA] Number of EndpointSlice syncs", "result");
        perSync = registry.histogram("endpoint_slice_controller_endpointslices_changed_per_sync", "[ALPHA] Number of EndpointSlices changed on each Service sync", PER_SYNC, "topology", "traffic_distribution");
        registry.gauge("endpoint_slice_controller_num_endpoint_slices", "[BETA] Number of EndpointSlices").of(slices::getAsInt);
        added = registry.histogram("endpoint_slice_controller_endpoints_added_per_sync", "[BETA] Number of endpoints added on each Service sync", Buckets.exponential(2, 2, 15));
        removed = registry.histogram("endpoint_slice_controller_endpoints_removed_per_sync", "[BETA] Number of endpoints removed on each Service sync", Buckets.exponential(2, 2, 15));
        registry.gauge("endpoint_slice_controller_endpoints_desired", "[BETA] Number of endpoints desired").of(() -> desired.values().stream().mapToInt(Desired::endpoints).sum());
        registry.gauge("endpoint_slice_controller_desired_endpoint_slices", "[BETA] Number of EndpointSlices that would exist with perfect endpoint allocation")
                .of(() -> desired.values().stream().mapToInt(Desired::slices).sum());
        registry.gauge("endpoint_slice_controller_services_count_by_traffic_distribution", "[BETA] Number of Services using some specific trafficDistribution", "traffic_distribution")
                .ofAll(() -> desired.values().stream().filter(d -> !d.distribution.isEmpty())
                        .collect(Collectors.groupingBy(d -> List.of(d.distribution), Collectors.collectingAndThen(Collectors.counting(), Long::doubleValue))));
    }

    /// A service is to have so many endpoints.
    ///
    /// @param before how many it had
    void wants(ObjectKey key, Service service, int before, int endpoints, int perSlice) {
        desired.put(key, new Desired(endpoints, Math.max(1, Math.ceilDiv(endpoints, perSlice)), service.spec().trafficDistribution()));
        added.observe(Math.max(0, endpoints - before));
        removed.observe(Math.max(0, before - endpoints));
    }

    void forget(ObjectKey key) {
        desired.remove(key);
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
