package io.j8s.client.https;

import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.net.URI;
import java.time.Duration;

/// What a component's requests are like: counted and timed as upstream's `rest_client_*` series, and not more of them in a second than is allowed. Connections share the series; each has a
/// limit of its own. Safe for any thread.
public final class Traffic {
    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};
    private static final double[] BYTES = {64, 256, 512, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216};
    /// Neither measured nor limited.
    public static final Traffic FREE = new Traffic(new MetricRegistry(), 0, 0);
    private final double perSecond;
    private final int burst;
    private final Counter requests;
    private final Counter retries;
    private final Histogram durations;
    private final Histogram waits;
    private final Histogram requestSizes;
    private final Histogram responseSizes;

    /// @param perSecond how many requests a second are let through in the long run; 0 for any number
    /// @param burst how many at once
    private Traffic(MetricRegistry registry, double perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
        requests = registry.counter("rest_client_requests_total", "[ALPHA] Number of HTTP requests, partitioned by status code, method, and host.", "code", "host", "method");
        retries = registry.counter("rest_client_request_retries_total", "[ALPHA] Number of request retries, partitioned by status code, verb, and host.", "code", "host", "verb");
        durations = registry.histogram("rest_client_request_duration_seconds", "[ALPHA] Request latency in seconds. Broken down by verb, and host.", SECONDS, "host", "verb");
        waits = registry.histogram("rest_client_rate_limiter_duration_seconds", "[ALPHA] Client side rate limiter latency in seconds. Broken down by verb, and host.", SECONDS, "host", "verb");
        requestSizes = registry.histogram("rest_client_request_size_bytes", "[ALPHA] Request size in bytes. Broken down by verb and host.", BYTES, "host", "verb");
        responseSizes = registry.histogram("rest_client_response_size_bytes", "[ALPHA] Response size in bytes. Broken down by verb and host.", BYTES, "host", "verb");
    }

    public static Traffic measuredBy(MetricRegistry registry) {
        return new Traffic(registry, 0, 0);
    }

    /// @param registry where the series are
    /// @param perSecond how many requests a second each connection lets through in the long run
    /// @param burst how many at once, at least 1
    public static Traffic limited(MetricRegistry registry, double perSecond, int burst) {
        if (!(perSecond > 0) || burst < 1) {
            throw new IllegalArgumentException("--kube-api-qps and --kube-api-burst: must be positive, not " + perSecond + " and " + burst);
        }
        return new Traffic(registry, perSecond, burst);
    }

    void waited(URI uri, String method, Duration span) {
        waits.observe(span, host(uri), method);
    }

    /// @param code of the answer; `<error>` when there is none
    void answered(URI uri, String method, String code, Duration took, int bodyBytes) {
        requests.increment(code, host(uri), method);
        durations.observe(took, host(uri), method);
        if (bodyBytes > 0) {
            requestSizes.observe(bodyBytes, host(uri), method);
        }
    }

    void retried(URI uri, String method, int code) {
        retries.increment(Integer.toString(code), host(uri), method);
    }

    void received(URI uri, String method, long bytes) {
        responseSizes.observe(bytes, host(uri), method);
    }

    private static String host(URI uri) {
        return uri.getRawAuthority();
    }

    /// The limit of one connection.
    Limit limit(Timeline timeline) {
        return new Limit(timeline, perSecond, burst);
    }

    /// A bucket that fills with time. The monitor guards what is in it.
    static final class Limit {
        private static final double NANOS = 1e9;
        private final Timeline timeline;
        private final double perSecond;
        private final int burst;
        private double left;
        private long filledNanos;

        private Limit(Timeline timeline, double perSecond, int burst) {
            this.timeline = timeline;
            this.perSecond = perSecond;
            this.burst = burst;
            this.left = burst;
            this.filledNanos = timeline.nanoTime();
        }

        /// Waits for its turn; answers how long that took. Whoever comes first goes first.
        Duration take() throws InterruptedException {
            if (perSecond <= 0) {
                return Duration.ZERO;
            }
            Duration pause;
            synchronized (this) {
                long now = timeline.nanoTime();
                left = Math.min(burst, left + (now - filledNanos) / NANOS * perSecond) - 1;
                filledNanos = now;
                pause = left >= 0 ? Duration.ZERO : Duration.ofNanos((long) (-left / perSecond * NANOS));
            }
            if (pause.isPositive()) {
                timeline.sleep(pause);
            }
            return pause;
        }
    }
}
