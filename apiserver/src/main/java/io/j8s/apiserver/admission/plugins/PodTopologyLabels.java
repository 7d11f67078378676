package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Binding;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tells pods the zone and the region of their node, as labels, when they are bound to it.
public final class PodTopologyLabels implements AdmissionPlugin {

    private static final List<String> COPIED = List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");

    @Override
    public String name() {
        return "PodTopologyLabels";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        boolean binding = request.operation() == Operation.CREATE && request.about("", "pods") && request.subresource().equals("binding");
        return binding || request.is(Operation.CREATE, "", "pods");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        String name = switch (object) {
            case Binding binding -> binding.target().kind().equals("Node") ? binding.target().name() : "";
            case Pod pod -> pod.spec().nodeName();
            default -> "";
        };
        Node node = name.isEmpty() ? null : request.state().get(Node.RESOURCE, "", name);
        if (node == null) {
            return object;
        }
        ObjectMeta meta = Objects.metadata(object);
        Map<String, String> labels = new LinkedHashMap<>(meta.labels());
        for (String key : COPIED) {
            String value = node.metadata().labels().get(key);
            if (value != null) {
                labels.put(key, value);
            }
        }
        return labels.equals(meta.labels()) ? object : Objects.withMetadata(object, meta.withLabels(labels));
    }
}
