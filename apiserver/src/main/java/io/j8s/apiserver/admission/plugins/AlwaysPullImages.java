package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import java.util.List;

/// Pulls images anew for each pod, so that only who may pull an image can run it.
public final class AlwaysPullImages implements AdmissionPlugin {

    private static final String ALWAYS = "Always";

    @Override
    public String name() {
        return "AlwaysPullImages";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        boolean write = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        return write && request.about("", "pods") && (request.subresource().isEmpty() || request.subresource().equals("ephemeralcontainers"));
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        Pod pod = (Pod) object;
        PodSpec spec = pod.spec().withContainers(pulled(pod.spec().containers()));
        spec = spec.initContainers().isEmpty() ? spec : spec.withInitContainers(pulled(spec.initContainers()));
        return pod.withSpec(spec.ephemeralContainers().isEmpty()
                ? spec
                : spec.withEphemeralContainers(spec.ephemeralContainers().stream().map(one -> one.withImagePullPolicy(ALWAYS)).toList()));
    }

    private static List<Container> pulled(List<Container> containers) {
        return containers.stream().map(one -> one.withImagePullPolicy(ALWAYS)).toList();
    }
}
