package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.model.core.v1.Service;
import io.j8s.model.networking.v1.IPAddress;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Counts addresses and node ports of services, under upstream's names. Any thread.
final class AllocationCounts {

    private static final String ADDRESSES = "kube_apiserver_clusterip_allocator_";
    private static final String PORTS = "kube_apiserver_nodeport_allocator_";

    private static final double[] SECONDS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private final Timeline timeline;
    private final Histogram times;
    private final Counter addresses;
    private final Counter addressErrors;
    private final Counter ports;
    private final Counter portErrors;

    AllocationCounts(MetricRegistry registry, Timeline timeline) {
        this.timeline = timeline;
        times = registry.histogram(ADDRESSES + "allocation_duration_seconds", "[ALPHA] Duration in seconds to allocate a Cluster IP by ServiceCIDR", SECONDS, "cidr");
        addresses = registry.counter(ADDRESSES + "allocation_total", "[ALPHA] Number of Cluster IPs allocations", "cidr", "scope");
        addressErrors = registry.counter(ADDRESSES + "allocation_errors_total", "[ALPHA] Number of errors trying to allocate Cluster IPs", "cidr", "scope");
        ports = registry.counter(PORTS + "allocation_total", "[ALPHA] Number of NodePort allocations", "scope");
        portErrors = registry.counter(PORTS + "allocation_errors_total", "[ALPHA] Number of errors trying to allocate NodePort", "scope");
    }

    /// The clock that spans are measured with.
    long nanoTime() {
        return timeline.nanoTime();
    }

    /// Registers what is taken and what is free, found out when it is read.
    void show(MetricRegistry registry, ClusterState state, List<AddressRange> ranges, ServiceRanges configured) {
        registry.gauge(ADDRESSES + "allocated_ips", "[ALPHA] Gauge measuring the number of allocated IPs for Services", "cidr").ofAll(() -> taken(state, ranges, false));
        registry.gauge(ADDRESSES + "available_ips", "[ALPHA] Gauge measuring the number of available IPs for Services", "cidr").ofAll(() -> taken(state, ranges, true));
        int all = configured.lastNodePort() - configured.firstNodePort() + 1;
        registry.gauge(PORTS + "allocated_ports", "[ALPHA] Gauge measuring the number of allocated NodePorts for Services").of(() -> ports(state));
        registry.gauge(PORTS + "available_ports", "[ALPHA] Gauge measuring the number of available NodePorts for Services").of(() -> all - (double) ports(state));
    }

    private static Map<List<String>, Double> taken(ClusterState state, List<AddressRange> ranges, boolean free) {
        Map<List<String>, Double> numbers = new HashMap<>();
        List<IPAddress> all = state.list(IPAddress.RESOURCE, "");
        for (AddressRange range : ranges) {
            long taken = all.stream().filter(address -> range.contains(address.metadata().name())).count();
            numbers.put(List.of(range.toString()), (double) (free ? range.size() - taken : taken));
        }
        return numbers;
    }

    private static int ports(ClusterState state) {
        Set<Integer> taken = new HashSet<>();
        state.list(Service.RESOURCE, "").forEach(service -> taken.addAll(ServiceAllocator.ports(service)));
        return taken.size();
    }

    /// @param scope `static` for a certain one, `dynamic` for any
    /// @param start of the allocation, by [#nanoTime]
    void address(String range, String scope, boolean taken, long start) {
        times.observe((timeline.nanoTime() - start) / 1e9, range);
        (taken ? addresses : addressErrors).increment(range, scope);
    }

    void port(String scope, boolean taken) {
        (taken ? ports : portErrors).increment(scope);
    }
}
