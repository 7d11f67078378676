package io.j8s.controllers.resourceclaim;

import io.j8s.client.loop.Ownership;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodResourceClaim;
import io.j8s.model.core.v1.PodResourceClaimStatus;
import io.j8s.model.resource.v1.ResourceClaim;
import java.util.Set;
import java.util.TreeSet;

/// Which claims belong to a pod (KEP-4381).
public final class PodClaims {
    private PodClaims() {}

    /// What a pod's entry leads to.
    public sealed interface Named {
        /// @param generated made from a template: only to be used if the pod is its owner
        record Claim(String name, boolean generated) implements Named {}

        /// The entry needs none.
        record None() implements Named {}

        /// It is to be made from the template, or is not noted in the pod's status yet.
        record Pending() implements Named {}

        /// The entry says something that this version does not know.
        record Unknown() implements Named {}
    }

    public static Named named(Pod pod, PodResourceClaim entry) {
        if (entry.hasResourceClaimName()) {
            return new Named.Claim(entry.resourceClaimName(), false);
        }
        if (!entry.hasResourceClaimTemplateName()) {
            return new Named.Unknown();
        }
        for (PodResourceClaimStatus status : pod.status().resourceClaimStatuses()) {
            if (status.name().equals(entry.name())) {
                return status.hasResourceClaimName() ? new Named.Claim(status.resourceClaimName(), true) : new Named.None();
            }
        }
        return new Named.Pending();
    }

    /// The names of the claims that are known for a pod.
    public static Set<String> names(Pod pod) {
        Set<String> names = new TreeSet<>();
        for (PodResourceClaim entry : pod.spec().resourceClaims()) {
            if (named(pod, entry) instanceof Named.Claim(var name, var generated)) {
                names.add(name);
            }
        }
        return names;
    }

    public static boolean madeFor(Pod pod, ResourceClaim claim) {
        return Ownership.controlledBy(claim, pod.metadata().uid());
    }

    public static boolean reservedFor(Pod pod, ResourceClaim claim) {
        return claim.status().reservedFor().stream().anyMatch(r -> r.uid().equals(pod.metadata().uid()));
    }
}
