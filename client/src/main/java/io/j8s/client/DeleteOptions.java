package io.j8s.client;

import org.jspecify.annotations.Nullable;

/// How to delete (API reference, "DeleteOptions").
///
/// @param gracePeriodSeconds null: the object's own
/// @param propagationPolicy `Orphan`, `Background`, `Foreground`; empty: the resource's default
/// @param uid the uid that the object must have; empty: any
/// @param resourceVersion the version that the object must have; empty: any
public record DeleteOptions(@Nullable Long gracePeriodSeconds, String propagationPolicy, String uid, String resourceVersion, boolean dryRun) {

    public static final DeleteOptions DEFAULT = new DeleteOptions(null, "", "", "", false);

    public static DeleteOptions ofUid(String uid) {
        return new DeleteOptions(null, "", uid, "", false);
    }

    public DeleteOptions after(long graceSeconds) {
        return new DeleteOptions(graceSeconds, propagationPolicy, uid, resourceVersion, dryRun);
    }

    public DeleteOptions propagating(String policy) {
        return new DeleteOptions(gracePeriodSeconds, policy, uid, resourceVersion, dryRun);
    }
}
