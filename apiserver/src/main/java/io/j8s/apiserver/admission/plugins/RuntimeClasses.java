package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Quantity;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.Toleration;
import io.j8s.model.node.v1.RuntimeClass;
import io.j8s.model.node.v1.Scheduling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives a pod the overhead of its runtime class, and the nodes on which that runs (plugin `RuntimeClass`).
public final class RuntimeClasses implements AdmissionPlugin {

    @Override
    public String name() {
        return "RuntimeClass";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.CREATE, "", "pods");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        Pod pod = (Pod) object;
        RuntimeClass runtime = of(request, pod);
        if (runtime == null) {
            return pod;
        }
        PodSpec spec = pod.spec();
        Map<String, Quantity> overhead = runtime.overhead().podFixed();
        if (!overhead.isEmpty()) {
            if (!spec.overhead().isEmpty() && !spec.overhead().equals(overhead)) {
                throw request.forbidden("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
            }
            spec = spec.withOverhead(overhead);
        }
        return pod.withSpec(runtime.hasScheduling() ? scheduled(request, spec, runtime.scheduling()) : spec);
    }

    private static PodSpec scheduled(AdmissionRequest request, PodSpec spec, Scheduling scheduling) {
        Map<String, String> selector = new LinkedHashMap<>(spec.nodeSelector());
        scheduling.nodeSelector().forEach((key, value) -> {
            String own = selector.put(key, value);
            if (own != null && !own.equals(value)) {
                throw request.forbidden("conflict: runtimeClass.scheduling.nodeSelector[" + key + "] = " + value + "; pod.spec.nodeSelector[" + key + "] = " + own);
            }
        });
        List<Toleration> tolerations = new ArrayList<>(spec.tolerations());
        scheduling.tolerations().stream().filter(one -> !tolerations.contains(one)).forEach(tolerations::add);
        PodSpec changed = selector.isEmpty() ? spec : spec.withNodeSelector(selector);
        return tolerations.isEmpty() ? changed : changed.withTolerations(tolerations);
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.object() instanceof Pod pod) {
            RuntimeClass runtime = of(request, pod);
            Map<String, Quantity> overhead = runtime == null ? Map.of() : runtime.overhead().podFixed();
            if (!overhead.isEmpty() && !overhead.equals(pod.spec().overhead())) {
                throw request.forbidden("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
            }
            if (overhead.isEmpty() && pod.spec().hasOverhead()) {
                throw request.forbidden("pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead");
            }
        }
    }

    private static @Nullable RuntimeClass of(AdmissionRequest request, Pod pod) {
        String name = pod.spec().runtimeClassName();
        if (name.isEmpty()) {
            return null;
        }
        RuntimeClass runtime = request.state().get(RuntimeClass.RESOURCE, "", name);
        if (runtime == null) {
            throw request.forbidden("pod rejected: RuntimeClass \"" + name + "\" not found");
        }
        return runtime;
    }
}
