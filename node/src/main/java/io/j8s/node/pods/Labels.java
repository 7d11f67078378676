package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import java.util.HashMap;
import java.util.Map;

/// The labels and annotations by which pods are found again in the runtime; upstream's names, so that other tools find them too.
public final class Labels {
    public static final String POD_NAME = "io.kubernetes.pod.name";
    public static final String POD_NAMESPACE = "io.kubernetes.pod.namespace";
    public static final String POD_UID = "io.kubernetes.pod.uid";
    public static final String CONTAINER_NAME = "io.kubernetes.container.name";
    static final String HASH = "io.kubernetes.container.hash";
    static final String RESTART_COUNT = "io.kubernetes.container.restartCount";
    static final String TERMINATION_PATH = "io.kubernetes.container.terminationMessagePath";
    static final String TERMINATION_POLICY = "io.kubernetes.container.terminationMessagePolicy";
    static final String GRACE = "io.kubernetes.pod.terminationGracePeriod";

    private Labels() {}

    static Map<String, String> pod(Pod pod) {
        Map<String, String> labels = new HashMap<>(pod.metadata().labels());
        labels.put(POD_NAME, pod.metadata().name());
        labels.put(POD_NAMESPACE, pod.metadata().namespace());
        labels.put(POD_UID, pod.metadata().uid());
        return labels;
    }

    static Map<String, String> container(Pod pod, Container container) {
        return Map.of(POD_NAME, pod.metadata().name(), POD_NAMESPACE, pod.metadata().namespace(), POD_UID, pod.metadata().uid(), CONTAINER_NAME, container.name());
    }

    /// Changes when a running container no longer is what the pod asks for: only the image can be changed in a pod that runs.
    static String hash(Container container) {
        return Integer.toHexString((container.name() + "\0" + container.image()).hashCode());
    }
}
