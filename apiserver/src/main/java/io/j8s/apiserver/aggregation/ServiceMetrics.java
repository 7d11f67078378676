package io.j8s.apiserver.aggregation;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.model.apiregistration.v1.APIService;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which APIServices cannot be used now, read from their conditions when it is asked.
public final class ServiceMetrics {

    private ServiceMetrics() {}

    public static void register(MetricRegistry registry, ClusterState state) {
        registry.gauge("aggregator_unavailable_apiservice", "[ALPHA] Gauge of APIServices which are marked as unavailable broken down by APIService name.", "name").ofAll(() -> unavailable(state));
    }

    private static Map<List<String>, Double> unavailable(ClusterState state) {
        Map<List<String>, Double> all = new HashMap<>();
        for (APIService service : state.list(APIService.RESOURCE, "")) {
            boolean unavailable = service.spec().hasService()
                    && service.status().conditions().stream().noneMatch(condition -> condition.type().equals("Available") && condition.status().equals("True"));
            all.put(List.of(service.metadata().name()), unavailable ? 1.0 : 0.0);
        }
        return all;
    }
}
