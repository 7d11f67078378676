package io.j8s.apiserver.audit;

import java.util.ArrayList;
import java.util.List;

/// Keeps events and batches below a size: too large an event loses its bodies, and is lost itself when that is not enough.
record TruncatingSink(AuditSink sink, AuditSettings.Truncation limits, AuditMetrics metrics) implements AuditSink {

    @Override
    public boolean take(List<AuditEvent> events) {
        List<AuditEvent> batch = new ArrayList<>();
        List<AuditEvent> lost = new ArrayList<>();
        long bytes = 0;
        boolean taken = true;
        for (AuditEvent given : events) {
            AuditEvent event = given.json().length > limits.mostEventBytes() && given.hasBodies() ? given.truncated() : given;
            int size = event.json().length;
            if (size > limits.mostEventBytes()) {
                lost.add(event);
                continue;
            }
            if (!batch.isEmpty() && bytes + size > limits.mostBatchBytes()) {
                taken &= sink.take(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(event);
            bytes += size;
        }
        if (!batch.isEmpty()) {
            taken &= sink.take(batch);
        }
        if (!lost.isEmpty()) {
            metrics.lost("truncate", "event is too large even after truncating", lost);
        }
        return taken;
    }

    @Override
    public void close() {
        sink.close();
    }
}
