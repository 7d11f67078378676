package io.j8s.scheduler.framework;

import io.j8s.model.Struct;
import io.j8s.model.core.v1.Toleration;
import io.j8s.scheduler.state.PodInfo;
import io.j8s.scheduler.state.Resources;
import java.util.List;
import java.util.Map;

/// All that plugins whose reach is one node look at in a pod, and preferences of nodes. Pods of one kind get the same answers.
record PodKind(
        String nodeName,
        Map<String, String> nodeSelector,
        Struct nodeAffinity,
        List<Toleration> tolerations,
        Resources requests,
        Resources scored,
        List<PodInfo.HostPort> hostPorts) {

    static PodKind of(PodInfo pod) {
        var spec = pod.pod().spec();
        return new PodKind(
                spec.nodeName(), spec.nodeSelector(), spec.affinity().nodeAffinity(), spec.tolerations(), pod.requests(), pod.scored(), pod.hostPorts());
    }
}
