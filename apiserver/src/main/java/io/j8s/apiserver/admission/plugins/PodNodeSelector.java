package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Pod;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Gives pods the node selector of their namespace (annotation `scheduler.alpha.kubernetes.io/node-selector`), and refuses those that select other nodes than the
/// namespace may use.
///
/// @param selectors what `--admission-control-config-file` allows each namespace, as `key=value,…`; `clusterDefaultNodeSelector` is for namespaces without the annotation
public record PodNodeSelector(Map<String, String> selectors) implements AdmissionPlugin {

    private static final String ANNOTATION = "scheduler.alpha.kubernetes.io/node-selector";
    private static final String DEFAULT = "clusterDefaultNodeSelector";

    public PodNodeSelector {
        selectors = Map.copyOf(selectors);
    }

    @Override
    public String name() {
        return "PodNodeSelector";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.CREATE, "", "pods");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        Pod pod = (Pod) object;
        Map<String, String> merged = new HashMap<>(checked(request, pod));
        merged.putAll(pod.spec().nodeSelector());
        Pod changed = pod.spec().nodeSelector().equals(merged) ? pod : pod.withSpec(spec -> spec.withNodeSelector(merged));
        checkAllowed(request, changed);
        return changed;
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.object() instanceof Pod pod) {
            checked(request, pod);
            checkAllowed(request, pod);
        }
    }

    /// The namespace's selector, with which the pod's own does not conflict.
    private Map<String, String> checked(AdmissionRequest request, Pod pod) {
        Namespace namespace = request.state().get(Namespace.RESOURCE, "", request.namespace());
        if (namespace == null) {
            throw Refusal.notFound("", "namespaces", request.namespace());
        }
        String annotated = namespace.metadata().annotations().get(ANNOTATION);
        Map<String, String> wanted = parsed(annotated == null ? selectors.getOrDefault(DEFAULT, "") : annotated);
        wanted.forEach((key, value) -> {
            String own = pod.spec().nodeSelector().get(key);
            if (own != null && !own.equals(value)) {
                throw request.forbidden("pod node label selector conflicts with its namespace node label selector");
            }
        });
        return wanted;
    }

    private void checkAllowed(AdmissionRequest request, Pod pod) {
        Map<String, String> allowed = parsed(selectors.getOrDefault(request.namespace(), ""));
        if (!allowed.isEmpty() && !allowed.entrySet().containsAll(pod.spec().nodeSelector().entrySet())) {
            throw request.forbidden("pod node label selector labels conflict with its namespace whitelist");
        }
    }

    private static Map<String, String> parsed(String selector) {
        Map<String, String> labels = new LinkedHashMap<>();
        for (String part : selector.isBlank() ? new String[0] : selector.split(",", -1)) {
            String[] pair = part.split("=", 2);
            if (pair.length != 2) {
                throw Refusal.internal("Internal error occurred: invalid selector: " + selector.split(",", -1)[0]);
            }
            labels.put(pair[0].strip(), pair[1].strip());
        }
        return labels;
    }
}
