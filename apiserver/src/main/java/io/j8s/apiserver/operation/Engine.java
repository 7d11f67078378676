package io.j8s.apiserver.operation;

import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.metrics.StorageMetrics;
import io.j8s.apiserver.registry.Tables;
import io.j8s.apiserver.status.Refusal;
import io.j8s.runtime.Timeline;
import io.j8s.store.StoreUnavailableException;
import org.slf4j.LoggerFactory;

/// What all operations work with.
public record Engine(Tables tables, Timeline timeline, Admission admission, Authorizer authorizer, Ownership ownership, Leases leases, StorageMetrics storage) {

    /// Waits until the tables hold whatever anybody had written when this was called; free of cost where nobody else writes to the store.
    public void awaitNewest() {
        try {
            tables.awaitNewest();
        } catch (StoreUnavailableException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.timeout("the request was given up while it waited for the newest revision", 1);
        }
    }

    /// What a client is told when the store does not answer: of a store elsewhere, what upstream tells.
    Refusal unavailable(StoreUnavailableException cause) {
        if (tables.store().shared()) {
            LoggerFactory.getLogger(Engine.class).warn("a request fails: {}", cause.getMessage());
            return new Refusal(504, "Timeout", "Timeout: request did not complete within requested timeout - context deadline exceeded", Refusal.Details.EMPTY);
        }
        return Refusal.unavailable("the store takes no writes now: " + cause.getMessage() + (cause.outcomeUnknown() ? "; this one may have happened all the same" : ""));
    }
}
