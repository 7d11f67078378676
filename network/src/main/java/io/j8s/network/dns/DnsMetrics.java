package io.j8s.network.dns;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// Figures of cluster DNS, under the names that CoreDNS gives them, so that what is made for it shows them. Any thread.
final class DnsMetrics {
    private static final String SERVER = "dns://:53";
    private static final String ZONE = ".";
    private final Counter requests;
    private final Counter responses;
    private final Histogram durations;
    private final Counter hits;
    private final Counter misses;

    DnsMetrics(MetricRegistry registry) {
        requests = registry.counter("coredns_dns_requests_total", "Counter of DNS requests made per zone, protocol and family.", "server", "zone", "view", "proto", "family", "type");
        responses = registry.counter("coredns_dns_responses_total", "Counter of response status codes.", "server", "zone", "view", "rcode", "plugin");
        durations = registry.histogram("coredns_dns_request_duration_seconds", "Histogram of the time (in seconds) each request took per zone.",
                new double[] {0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192}, "server", "zone", "view");
        hits = registry.counter("coredns_cache_hits_total", "The count of cache hits.", "server", "type", "zones", "view");
        misses = registry.counter("coredns_cache_misses_total", "The count of cache misses.", "server", "zones", "view");
    }

    void answered(Message query, Message answer, boolean tcp, boolean v6, boolean ours, Duration span) {
        Record question = query.getQuestion();
        requests.increment(SERVER, ZONE, "", tcp ? "tcp" : "udp", v6 ? "2" : "1", question == null ? "other" : Type.string(question.getType()));
        responses.increment(SERVER, ZONE, "", Rcode.string(answer.getRcode()), ours ? "kubernetes" : "forward");
        durations.observe(span.toNanos() / 1e9, SERVER, ZONE, "");
    }

    void remembered(boolean known) {
        if (known) {
            hits.increment(SERVER, "success", ZONE, "");
        } else {
            misses.increment(SERVER, ZONE, "");
        }
    }
}
