package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Toleration;
import java.util.ArrayList;
import java.util.List;

/// Lets pods that say nothing else stay on a node that is not ready or unreachable for a while.
///
/// @param notReadySeconds, unreachableSeconds for how long (`--default-not-ready-toleration-seconds`, `--default-unreachable-toleration-seconds`)
public record DefaultTolerationSeconds(long notReadySeconds, long unreachableSeconds) implements AdmissionPlugin {

    public static final long DEFAULT_SECONDS = 300;

    private static final String NOT_READY = "node.kubernetes.io/not-ready";
    private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final String NO_EXECUTE = "NoExecute";

    @Override
    public String name() {
        return "DefaultTolerationSeconds";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.CREATE, "", "pods") || request.is(Operation.UPDATE, "", "pods");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        Pod pod = (Pod) object;
        List<Toleration> tolerations = new ArrayList<>(pod.spec().tolerations());
        add(tolerations, pod.spec().tolerations(), NOT_READY, notReadySeconds);
        add(tolerations, pod.spec().tolerations(), UNREACHABLE, unreachableSeconds);
        return tolerations.size() == pod.spec().tolerations().size() ? pod : pod.withSpec(spec -> spec.withTolerations(tolerations));
    }

    private static void add(List<Toleration> tolerations, List<Toleration> given, String key, long seconds) {
        boolean tolerated = given.stream().anyMatch(one ->
                (one.key().equals(key) || one.key().isEmpty()) && (one.effect().equals(NO_EXECUTE) || one.effect().isEmpty()));
        if (!tolerated) {
            tolerations.add(Toleration.EMPTY.withKey(key).withOperator("Exists").withEffect(NO_EXECUTE).withTolerationSeconds(seconds));
        }
    }
}
