package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Toleration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Lets pods that request an extended resource onto the nodes that are tainted with its name.
public final class ExtendedResourceToleration implements AdmissionPlugin {

    @Override
    public String name() {
        return "ExtendedResourceToleration";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.CREATE, "", "pods") || request.is(Operation.UPDATE, "", "pods");
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        Pod pod = (Pod) object;
        TreeSet<String> extended = new TreeSet<>();
        Stream.concat(pod.spec().containers().stream(), pod.spec().initContainers().stream()).forEach(container -> collect(container, extended));
        List<Toleration> tolerations = new ArrayList<>(pod.spec().tolerations());
        for (String name : extended) {
            Toleration toleration = Toleration.EMPTY.withKey(name).withOperator("Exists");
            if (!tolerations.contains(toleration)) {
                tolerations.add(toleration);
            }
        }
        return tolerations.size() == pod.spec().tolerations().size() ? pod : pod.withSpec(spec -> spec.withTolerations(tolerations));
    }

    private static void collect(Container container, TreeSet<String> extended) {
        container.resources().requests().keySet().stream()
                .filter(name -> name.contains("/") && !name.substring(0, name.indexOf('/')).endsWith("kubernetes.io"))
                .forEach(extended::add);
    }
}
