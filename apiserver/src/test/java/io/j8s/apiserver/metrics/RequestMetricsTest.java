package io.j8s.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.request.RequestInfo;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RequestMetricsTest {

    @Test
    void requestsAreCountedByVerbAndResourceWithTheirTimes() {
        RequestMetrics metrics = new RequestMetrics();
        RequestInfo get = RequestInfo.of("GET", "/api/v1/namespaces/a/pods/p", Query.NONE);
        metrics.began(get);
        metrics.ended(get, 200, 10_000_000);
        metrics.began(get);
        metrics.ended(get, 200, 90_000_000_000L);
        RequestInfo running = RequestInfo.of("POST", "/api/v1/namespaces/a/pods", Query.NONE);
        metrics.began(running);
        StringBuilder text = new StringBuilder();
        metrics.write(text);
        String labels = "code=\"200\",component=\"apiserver\",group=\"\",resource=\"pods\",scope=\"resource\",subresource=\"\",verb=\"GET\",version=\"v1\"";
        assertThat(text.toString())
                .contains("apiserver_request_total{" + labels + "} 2\n")
                .contains("apiserver_request_duration_seconds_bucket{" + labels + ",le=\"0.005\"} 0\n")
                .contains("apiserver_request_duration_seconds_bucket{" + labels + ",le=\"60.0\"} 1\n")
                .contains("apiserver_request_duration_seconds_bucket{" + labels + ",le=\"+Inf\"} 2\n")
                .contains("apiserver_request_duration_seconds_sum{" + labels + "} 90.01\n")
                .contains("apiserver_current_inflight_requests{request_kind=\"mutating\"} 1\n");
    }

    @Test
    void thePageSaysHowManyObjectsThereAre() {
        TreeMap<String, Integer> objects = new TreeMap<>();
        objects.put("pods", 3);
        String page = new String(new MetricsPage(new RequestMetrics(), () -> objects).text(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(page).contains("apiserver_storage_objects{resource=\"pods\"} 3\n").contains("process_cpu_seconds_total ");
    }
}
