package io.j8s.apiserver.streaming;

import io.j8s.apiserver.status.Refusal;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.EphemeralContainer;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodSpec;
import java.util.List;
import java.util.stream.Stream;

/// Which container of a pod a request means.
final class Containers {

    private Containers() {}

    /// The asked one, or the only one there is.
    static String chosen(Pod pod, String asked) {
        String podName = pod.metadata().name();
        List<Container> containers = pod.spec().containers();
        List<String> all = names(pod.spec());
        if (!asked.isEmpty()) {
            if (!all.contains(asked)) {
                throw Refusal.badRequest("container " + asked + " is not valid for pod " + podName);
            }
            return asked;
        }
        return switch (containers.size()) {
            case 0 -> throw Refusal.badRequest("a container name must be specified for pod " + podName);
            case 1 -> containers.getFirst().name();
            default -> throw Refusal.badRequest("a container name must be specified for pod " + podName + ", choose one of: [" + String.join(" ", all) + "]");
        };
    }

    private static List<String> names(PodSpec spec) {
        return Stream.of(
                        spec.initContainers().stream().map(Container::name),
                        spec.containers().stream().map(Container::name),
                        spec.ephemeralContainers().stream().map(EphemeralContainer::name))
                .flatMap(names -> names)
                .toList();
    }
}
