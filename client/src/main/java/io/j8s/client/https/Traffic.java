package io.j8s.client.https;

import io.j8s.client.queue.TokenBucket;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a component's requests are like: counted and timed as upstream's `rest_client_*` series, and not more of them in a second than is allowed. Connections share the series; each has a
/// limit of its own. Safe for any thread.
public final class Traffic {
    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};
    private static final double[] BYTES = {64, 256, 512, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216};
    /// Neither measured nor limited.
    public static final Traffic FREE = new Traffic(null, 0, 0);
    private final double perSecond;
    private final int burst;
    private final @Nullable Series series;

    /// @param perSecond how many requests a second are let through in the long run; 0 for any number
    /// @param burst how many at once
    private Traffic(@Nullable MetricRegistry registry, double perSecond, int burst) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.series = registry == null ? null : Series.of(registry);
    }

    private record Series(Counter requests, Counter retries, Histogram durations, Histogram waits, Histogram requestSizes, Histogram responseSizes) {
        static Series of(MetricRegistry registry) {
            return new Series(
                    registry.counter("rest_client_requests_total", "[ALPHA] Number of HTTP requests, partitioned by status code, method, and host.", "code", "host", "method"),
                    registry.counter("rest_client_request_retries_total", "[ALPHA] Number of request retries, partitioned by status code, verb, and host.", "code", "host", "verb"),
                    registry.histogram("rest_client_request_duration_seconds", "[ALPHA] Request latency in seconds. Broken down by verb, and host.", SECONDS, "host", "verb"),
                    registry.histogram("rest_client_rate_limiter_duration_seconds", "[ALPHA] Client side rate limiter latency in seconds. Broken down by verb, and host.", SECONDS, "host", "verb"),
                    registry.histogram("rest_client_request_size_bytes", "[ALPHA] Request size in bytes. Broken down by verb and host.", BYTES, "host", "verb"),
                    registry.histogram("rest_client_response_size_bytes", "[ALPHA] Response size in bytes. Broken down by verb and host.", BYTES, "host", "verb"));
        }
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
        if (series != null) {
            series.waits.observe(span, host(uri), method);
        }
    }

    /// A request was answered, or came to nothing.
    ///
    /// @param code of the answer; `<error>` when there is none
    public void answered(URI uri, String method, String code, Duration took, int bodyBytes) {
        if (series == null) {
            return;
        }
        series.requests.increment(code, host(uri), method);
        series.durations.observe(took, host(uri), method);
        if (bodyBytes > 0) {
            series.requestSizes.observe(bodyBytes, host(uri), method);
        }
    }

    void retried(URI uri, String method, int code) {
        if (series != null) {
            series.retries.increment(Integer.toString(code), host(uri), method);
        }
    }

    /// The whole answer has come.
    public void received(URI uri, String method, long bytes) {
        if (series != null) {
            series.responseSizes.observe(bytes, host(uri), method);
        }
    }

    private static String host(URI uri) {
        return uri.getRawAuthority();
    }

    /// The limit of one connection.
    Limit limit(Timeline timeline) {
        return new Limit(timeline, perSecond > 0 ? new TokenBucket(timeline, perSecond, burst) : null);
    }

    /// @param bucket null: there is no limit
    record Limit(Timeline timeline, @Nullable TokenBucket bucket) {

        /// Waits for its turn; answers how long that took. Whoever comes first goes first.
        Duration take() throws InterruptedException {
            Duration pause = bucket == null ? Duration.ZERO : bucket.reserve();
            if (pause.isPositive()) {
                timeline.sleep(pause);
            }
            return pause;
        }
    }
}
