package io.j8s.apiserver.admission.quota;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Pod;
import java.util.Map;

/// What other plugins need to know of a pod's resources.
public final class PodQuality {

    private PodQuality() {}

    /// Whether a pod asks for no processor time and memory at all.
    public static boolean bestEffort(Pod pod) {
        return QuotaScopes.bestEffort(pod);
    }

    /// What it requests altogether, with what its runtime needs.
    public static Map<String, Quantity> requestsWithOverhead(Pod pod) {
        return PodResources.requestsWithOverhead(pod);
    }
}
