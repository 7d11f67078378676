package io.j8s.network.proxy;

import io.j8s.model.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether the proxy keeps up: a change that waits for longer than the limit makes it unhealthy. Any thread.
public final class ProxyHealth {
    /// Twice upstream's sync period.
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private @Nullable Instant updated;
    private @Nullable Instant pendingSince;
    private boolean nodeEligible;

    synchronized void queued(Instant now) {
        if (pendingSince == null) {
            pendingSince = now;
        }
    }

    synchronized void updated(Instant now) {
        updated = now;
        pendingSince = null;
    }

    /// Whether load balancers may still send to this node: it exists and is not about to be removed.
    synchronized void nodeEligible(boolean eligible) {
        nodeEligible = eligible;
    }

    synchronized boolean live(Instant now) {
        Instant pending = pendingSince;
        return updated == null || pending == null || Duration.between(pending, now).compareTo(LIMIT) < 0;
    }

    synchronized boolean eligible() {
        return nodeEligible;
    }

    /// As upstream's answer.
    ///
    /// @param withNode whether it tells of the node (`/healthz` does, `/livez` does not)
    synchronized byte[] report(Instant now, boolean withNode) {
        boolean live = live(now);
        Map<String, Object> report = new LinkedHashMap<>();
        Instant last = updated;
        String time = now.truncatedTo(ChronoUnit.MICROS).toString();
        report.put("lastUpdated", live && (!withNode || nodeEligible) ? time : last == null ? "0001-01-01T00:00:00Z" : last.toString());
        report.put("currentTime", time);
        if (withNode) {
            report.put("nodeEligible", nodeEligible);
        }
        report.put("healthy", live);
        if (last != null) {
            report.put("status", Map.of("IPv4", Map.of("lastUpdated", last.toString(), "healthy", live), "IPv6", Map.of("lastUpdated", last.toString(), "healthy", live)));
        }
        return Json.writePlain(report);
    }
}
