package io.j8s.apiserver.resources.core;

import io.j8s.model.Objects;
import io.j8s.model.core.v1.PersistentVolumeClaim;

/// What claims get when nothing is said.
public final class ClaimDefaults {

    private ClaimDefaults() {}

    /// A claim, or the template of claims in a stateful set (which is an object with kind and version).
    public static PersistentVolumeClaim claim(PersistentVolumeClaim sent) {
        PersistentVolumeClaim claim = stored(sent);
        return claim.kind().isEmpty() ? Objects.typed(claim) : claim;
    }

    static PersistentVolumeClaim stored(PersistentVolumeClaim sent) {
        PersistentVolumeClaim claim = sent.status().phase().isEmpty() ? sent.withStatus(status -> status.withPhase("Pending")) : sent;
        return claim.withSpec(VolumeDefaults::claim);
    }
}
