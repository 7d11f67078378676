package io.j8s.apiserver.audit;

import io.j8s.apiserver.remote.RemoteException;
import io.j8s.apiserver.remote.ReviewClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Events as lists (audit.k8s.io/v1, kind EventList) that are posted to another server.
///
/// @param firstPause until what failed is sent again
/// @param atMost how long it is tried again
record WebhookSink(ReviewClient client, Duration firstPause, Duration atMost, AuditMetrics metrics) implements AuditSink {

    @Override
    public boolean take(List<AuditEvent> events) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("kind", "EventList");
        list.put("apiVersion", "audit.k8s.io/v1");
        list.put("metadata", Map.of());
        list.put("items", events.stream().map(AuditEvent::members).toList());
        try {
            client.send(list, firstPause, atMost);
            return true;
        } catch (RemoteException e) {
            metrics.lost("webhook", e.why(), events);
            return false;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
