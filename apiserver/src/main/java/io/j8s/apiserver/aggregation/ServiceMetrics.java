package io.j8s.apiserver.aggregation;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.model.apiregistration.v1.APIService;
import java.util.function.Consumer;

/// Which APIServices cannot be used now, read from their conditions when it is asked.
public record ServiceMetrics(ClusterState state) implements Consumer<StringBuilder> {

    private static final String NAME = "aggregator_unavailable_apiservice";

    @Override
    public void accept(StringBuilder out) {
        out.append("# HELP " + NAME + " [ALPHA] Gauge of APIServices which are marked as unavailable broken down by APIService name.\n# TYPE " + NAME + " gauge\n");
        for (APIService service : state.list(APIService.RESOURCE, "")) {
            boolean unavailable = service.spec().hasService()
                    && service.status().conditions().stream().noneMatch(condition -> condition.type().equals("Available") && condition.status().equals("True"));
            out.append(NAME + "{name=\"").append(service.metadata().name()).append("\"} ").append(unavailable ? 1 : 0).append('\n');
        }
    }
}
