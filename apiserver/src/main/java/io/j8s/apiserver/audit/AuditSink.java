package io.j8s.apiserver.audit;

import java.util.List;

/// Where events go. Any thread.
public interface AuditSink extends AutoCloseable {

    /// Takes events, in their order.
    ///
    /// @return false when one of them is known to be lost
    boolean take(List<AuditEvent> events);

    /// Returns when what was taken is kept, or given up.
    @Override
    void close();

    /// Several, each of which takes every event.
    record All(List<AuditSink> sinks) implements AuditSink {
        public All {
            sinks = List.copyOf(sinks);
        }

        @Override
        public boolean take(List<AuditEvent> events) {
            boolean taken = true;
            for (AuditSink sink : sinks) {
                taken &= sink.take(events);
            }
            return taken;
        }

        @Override
        public void close() {
            sinks.forEach(AuditSink::close);
        }
    }

    /// One whose losses are counted, but do not keep a request from being served.
    record Lenient(AuditSink sink) implements AuditSink {
        @Override
        public boolean take(List<AuditEvent> events) {
            sink.take(events);
            return true;
        }

        @Override
        public void close() {
            sink.close();
        }
    }
}
