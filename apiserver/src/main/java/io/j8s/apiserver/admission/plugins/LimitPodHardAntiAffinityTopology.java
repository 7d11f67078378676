package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodAffinityTerm;

/// Lets pods keep others away from their own node, and from no larger part of the cluster.
public final class LimitPodHardAntiAffinityTopology implements AdmissionPlugin {

    private static final String HOST = "kubernetes.io/hostname";

    @Override
    public String name() {
        return "LimitPodHardAntiAffinityTopology";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.is(Operation.CREATE, "", "pods") || request.is(Operation.UPDATE, "", "pods");
    }

    @Override
    public void validate(AdmissionRequest request) {
        if (request.object() instanceof Pod pod) {
            for (PodAffinityTerm term : pod.spec().affinity().podAntiAffinity().requiredDuringSchedulingIgnoredDuringExecution()) {
                if (!term.topologyKey().equals(HOST)) {
                    throw request.forbidden("affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey " + term.topologyKey() + " but only key " + HOST + " is allowed");
                }
            }
        }
    }
}
