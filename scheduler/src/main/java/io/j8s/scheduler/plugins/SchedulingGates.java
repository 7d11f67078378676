package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSchedulingGate;
import io.j8s.scheduler.framework.PreEnqueuePlugin;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pods with gates wait until all are removed (KEP-3521).
final class SchedulingGates implements PreEnqueuePlugin {

    @Override
    public String name() {
        return "SchedulingGates";
    }

    @Override
    public @Nullable String hold(Pod pod) {
        List<String> gates = pod.spec().schedulingGates().stream().map(PodSchedulingGate::name).toList();
        return gates.isEmpty() ? null : "waiting for scheduling gates: " + gates;
    }
}
