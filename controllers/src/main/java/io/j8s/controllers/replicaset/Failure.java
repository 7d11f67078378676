package io.j8s.controllers.replicaset;

import io.j8s.client.ApiException;
import org.jspecify.annotations.Nullable;

/// What keeps the number of replicas from being reached.
///
/// @param reason `FailedCreate`, `FailedDelete`; empty: nothing
/// @param cause null: nothing
record Failure(String reason, String message, @Nullable ApiException cause) {
    static final Failure NONE = new Failure("", "", null);

    static Failure of(String reason, String prefix, ApiException cause) {
        return new Failure(reason, prefix + cause.getMessage(), cause);
    }

    boolean none() {
        return cause == null;
    }
}
