package io.j8s.controllers.replicaset;

import io.j8s.controllers.pods.Pods;
import io.j8s.model.core.v1.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// @param replicas active pods
/// @param fullyLabeled those with all the template's labels
/// @param terminating pods that are being deleted
record ReplicaCounts(int replicas, int fullyLabeled, int ready, int available, int terminating) {

    static ReplicaCounts of(List<Pod> active, int terminating, Map<String, String> templateLabels, int minReadySeconds, Instant now) {
        int labeled = 0;
        int ready = 0;
        int available = 0;
        for (Pod pod : active) {
            labeled += pod.metadata().labels().entrySet().containsAll(templateLabels.entrySet()) ? 1 : 0;
            ready += Pods.ready(pod) ? 1 : 0;
            available += Pods.available(pod, minReadySeconds, now) ? 1 : 0;
        }
        return new ReplicaCounts(active.size(), labeled, ready, available, terminating);
    }
}
