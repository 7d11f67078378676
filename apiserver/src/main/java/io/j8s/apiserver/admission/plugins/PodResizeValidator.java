package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.admission.quota.PodQuality;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A pod is resized only on Linux, and not beyond what its node has.
public final class PodResizeValidator implements AdmissionPlugin {

    @Override
    public String name() {
        return "PodResizeValidator";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.operation() == Operation.UPDATE && request.about("", "pods") && request.subresource().equals("resize");
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!(request.object() instanceof Pod pod) || !(request.old() instanceof Pod old) || pod.spec().nodeName().isEmpty()
                || pod.metadata().generation() == old.metadata().generation()) {
            return;
        }
        Node node = request.state().get(Node.RESOURCE, "", pod.spec().nodeName());
        if (node == null) {
            throw request.forbidden("node \"" + pod.spec().nodeName() + "\" not found");
        }
        String system = node.metadata().labels().getOrDefault("kubernetes.io/os", "linux");
        if (!system.equals("linux")) {
            throw because(request, "pod resize is only supported on linux nodes, node \"" + node.metadata().name() + "\" is \"" + system + "\"", "UnsupportedPlatform");
        }
        List<String> missing = new ArrayList<>(0);
        Map<String, Quantity> requests = PodQuality.requestsWithOverhead(pod);
        Quantity cpu = requests.getOrDefault("cpu", Quantity.ZERO);
        Quantity allocatableCpu = node.status().allocatable().getOrDefault("cpu", Quantity.ZERO);
        if (cpu.compareTo(allocatableCpu) > 0) {
            missing.add("cpu, requested: " + whole(cpu, 3) + ", allocatable: " + whole(allocatableCpu, 3));
        }
        Quantity memory = requests.getOrDefault("memory", Quantity.ZERO);
        Quantity allocatableMemory = node.status().allocatable().getOrDefault("memory", Quantity.ZERO);
        if (memory.compareTo(allocatableMemory) > 0) {
            missing.add("memory, requested: " + whole(memory, 0) + ", allocatable: " + whole(allocatableMemory, 0));
        }
        if (!missing.isEmpty()) {
            throw because(request, "node didn't have enough allocatable resources: " + String.join("; ", missing), "NodeCapacity");
        }
    }

    private static String whole(Quantity amount, int shift) {
        return amount.amount().movePointRight(shift).setScale(0, RoundingMode.CEILING).toPlainString();
    }

    private static Refusal because(AdmissionRequest request, String why, String cause) {
        Refusal refusal = request.forbidden(why);
        return refusal.with(refusal.details().withCauses(List.of(new Refusal.Cause(cause, "", ""))));
    }
}
