package io.j8s.scheduler.framework;

import io.j8s.model.Struct;
import io.j8s.model.core.v1.Toleration;
import io.j8s.scheduler.state.PodInfo;
import io.j8s.scheduler.state.Resources;
import java.util.ArrayList;
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
        List<PodInfo.HostPort> hostPorts,
        List<Object> further) {

    /// @param plugins those that look at one node only
    static PodKind of(PodInfo pod, List<FilterPlugin> plugins) {
        List<Object> further = List.of();
        for (int i = 0; i < plugins.size(); i++) {
            Object kind = plugins.get(i).kind(pod);
            if (!"".equals(kind)) {
                further = new ArrayList<>(further);
                further.add(kind);
            }
        }
        var spec = pod.pod().spec();
        return new PodKind(
                spec.nodeName(), spec.nodeSelector(), spec.affinity().nodeAffinity(), spec.tolerations(), pod.requests(), pod.scored(), pod.hostPorts(), further);
    }
}
