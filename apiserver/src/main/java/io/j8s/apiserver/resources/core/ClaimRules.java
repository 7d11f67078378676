package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.PersistentVolumeClaimSpec;

/// The rules for claims of volumes.
public final class ClaimRules {

    private ClaimRules() {}

    public static void spec(PersistentVolumeClaimSpec claim, FieldPath path, FieldErrors errors) {
        if (claim.accessModes().isEmpty()) {
            errors.required(path.child("accessModes"), "at least 1 access mode is required");
        }
    }
}
