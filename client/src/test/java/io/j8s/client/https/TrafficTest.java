package io.j8s.client.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.SimulatedTimeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private static final URI SERVER = URI.create("https://127.0.0.1:6443/api/v1/pods");

    @Test
    void aBurstGoesAtOnceAndTheRestAsFastAsIsAllowed() {
        try (SimulatedTimeline time = new SimulatedTimeline(1)) {
            Traffic.Limit limit = Traffic.limited(new MetricRegistry(), 10, 5).limit(time);
            AtomicInteger sent = new AtomicInteger();
            time.start("requests", () -> {
                for (int i = 0; i < 100; i++) {
                    limit.take();
                    sent.incrementAndGet();
                }
            });
            time.settle();
            assertThat(sent).hasValue(5);
            time.advance(Duration.ofSeconds(2));
            assertThat(sent.get()).isBetween(24, 26);
            time.advance(Duration.ofMinutes(1));
            assertThat(sent).hasValue(100);
        }
    }

    @Test
    void requestsAreCountedUnderUpstreamsNames() {
        MetricRegistry registry = new MetricRegistry();
        Traffic traffic = Traffic.measuredBy(registry);
        traffic.answered(SERVER, "POST", "201", Duration.ofMillis(3), 700);
        traffic.answered(SERVER, "GET", "<error>", Duration.ofSeconds(3), 0);
        traffic.retried(SERVER, "GET", 429);
        traffic.received(SERVER, "GET", 100);
        assertThat(registry.text()).contains(
                "rest_client_requests_total{code=\"201\",host=\"127.0.0.1:6443\",method=\"POST\"} 1",
                "rest_client_requests_total{code=\"<error>\",host=\"127.0.0.1:6443\",method=\"GET\"} 1",
                "rest_client_request_retries_total{code=\"429\",host=\"127.0.0.1:6443\",verb=\"GET\"} 1",
                "rest_client_request_duration_seconds_bucket{host=\"127.0.0.1:6443\",verb=\"POST\",le=\"0.005\"} 1",
                "rest_client_request_size_bytes_bucket{host=\"127.0.0.1:6443\",verb=\"POST\",le=\"512\"} 0",
                "rest_client_response_size_bytes_count{host=\"127.0.0.1:6443\",verb=\"GET\"} 1");
    }

    @Test
    void aLimitOfNothingIsRefused() {
        assertThatThrownBy(() -> Traffic.limited(new MetricRegistry(), 0, 1)).hasMessageContaining("--kube-api-qps");
        assertThatThrownBy(() -> Traffic.limited(new MetricRegistry(), 5, 0)).hasMessageContaining("--kube-api-burst");
    }
}
