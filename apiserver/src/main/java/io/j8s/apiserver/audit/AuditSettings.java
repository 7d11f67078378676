package io.j8s.apiserver.audit;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Which requests are kept, and where.
///
/// @param policy the file that says so (`--audit-policy-file`)
/// @param log null: no file
/// @param webhook null: no other server
public record AuditSettings(Path policy, @Nullable Log log, @Nullable Webhook webhook) {

    /// How events reach a sink.
    public enum Mode { BATCH, BLOCKING, BLOCKING_STRICT }

    /// How events are gathered (only in [Mode#BATCH]).
    ///
    /// @param buffer how many may wait; further ones are lost
    /// @param mostEvents of one batch
    /// @param longestWait until a batch that is not full leaves
    /// @param perSecond how many batches a second leave at most; 0: any number
    /// @param burst how many may leave at once after a pause
    /// @param atOnce how many batches may be under way; 1: one after the other
    public record Batching(int buffer, int mostEvents, Duration longestWait, double perSecond, int burst, int atOnce) {}

    /// @param mostEventBytes larger events lose their bodies
    /// @param mostBatchBytes larger batches are split
    public record Truncation(long mostEventBytes, long mostBatchBytes) {}

    /// @param truncation null: events are kept whole
    public record Delivery(Mode mode, Batching batching, @Nullable Truncation truncation) {
        /// One event at a time, and the request waits for it.
        public static final Delivery BLOCKING = new Delivery(Mode.BLOCKING, new Batching(10_000, 1, Duration.ZERO, 0, 0, 1), null);
    }

    /// A file (`--audit-log-path`).
    ///
    /// @param legacy whether lines are not JSON, but texts of the older form
    public record Log(LogFile.Settings file, boolean legacy, Delivery delivery) {}

    /// Another server (`--audit-webhook-config-file`).
    ///
    /// @param kubeconfig names it
    /// @param firstPause until a request that failed is sent again
    public record Webhook(Path kubeconfig, Duration firstPause, Delivery delivery) {}
}
