package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import java.util.ArrayList;
import java.util.List;

/// A pod on a node is not changed in ways that the node does not say it can follow (plugin `NodeDeclaredFeatureValidator`, KEP-5328).
public final class NodeDeclaredFeatures implements AdmissionPlugin {

    @Override
    public String name() {
        return "NodeDeclaredFeatureValidator";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.operation() == Operation.UPDATE && request.about("", "pods") && (request.subresource().isEmpty() || request.subresource().equals("resize"));
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (!(request.object() instanceof Pod pod) || !(request.old() instanceof Pod old) || pod.spec().nodeName().isEmpty()
                || pod.metadata().generation() == old.metadata().generation()) {
            return;
        }
        List<String> needed = needed(pod, old);
        if (needed.isEmpty()) {
            return;
        }
        Node node = request.state().get(Node.RESOURCE, "", pod.spec().nodeName());
        if (node == null) {
            throw request.forbidden("node \"" + pod.spec().nodeName() + "\" not found");
        }
        needed.removeAll(node.status().declaredFeatures());
        if (!needed.isEmpty()) {
            throw request.forbidden("pod update requires features " + String.join(", ", needed) + " which are not available on node \"" + node.metadata().name() + "\"");
        }
    }

    private static List<String> needed(Pod pod, Pod old) {
        List<String> needed = new ArrayList<>(0);
        if (!pod.spec().resources().equals(old.spec().resources())) {
            needed.add("InPlacePodLevelResourcesVerticalScaling");
        }
        List<Container> before = old.spec().initContainers();
        List<Container> after = pod.spec().initContainers();
        for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
            if (!before.get(i).restartPolicy().equals("Always") && !before.get(i).resources().equals(after.get(i).resources())) {
                needed.add("InPlacePodVerticalScalingInitContainers");
                break;
            }
        }
        return needed;
    }
}
