package io.j8s.apiserver.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Events as lines of a file.
record LogSink(LogFile file, boolean legacy, AuditMetrics metrics) implements AuditSink {

    @Override
    public boolean take(List<AuditEvent> events) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(1024 * events.size());
        for (AuditEvent event : events) {
            lines.writeBytes(legacy ? event.legacy().getBytes(StandardCharsets.UTF_8) : event.json());
            lines.write('\n');
        }
        try {
            file.write(lines.toByteArray());
            return true;
        } catch (IOException e) {
            metrics.lost("log", e.toString(), events);
            return false;
        }
    }

    @Override
    public void close() {
        file.close();
    }
}
