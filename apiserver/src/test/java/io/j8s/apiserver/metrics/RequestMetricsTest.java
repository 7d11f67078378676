package io.j8s.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequestMetricsTest {

    private static final Timeline TIMELINE = Timeline.system();

    private static RequestKind kind(String method, String path, String query, String contentType) {
        Query parsed = Query.parseText(query);
        return RequestKind.of(RequestInfo.of(method, path, parsed), method, parsed, contentType);
    }

    @Test
    void requestsAreCountedByVerbAndResourceWithTheirTimesAndSizes() {
        MetricRegistry registry = new MetricRegistry();
        RequestMetrics metrics = new RequestMetrics(registry, TIMELINE);
        RequestKind get = kind("GET", "/api/v1/namespaces/a/pods/p", "", "");
        metrics.ended(get, 200, 10_000_000, 0, 1_500, false);
        metrics.ended(get, 200, 90_000_000_000L, 0, 2_000_000, false);
        metrics.ended(get, 404, 1_000, 0, 100, true);
        metrics.entered(false, TIMELINE.nanoTime());
        Runnable watch = metrics.lasts(kind("GET", "/api/v1/pods", "watch=1", ""));
        String labels = "component=\"apiserver\",dry_run=\"\",group=\"\",resource=\"pods\",scope=\"resource\",subresource=\"\",verb=\"GET\",version=\"v1\"";
        String wet = labels.replace("dry_run=\"\",", "");
        assertThat(registry.text())
                .contains("apiserver_request_total{code=\"200\"," + labels + "} 2\n", "apiserver_request_total{code=\"404\"," + labels + "} 1\n")
                .contains("apiserver_request_duration_seconds_bucket{" + labels + ",le=\"0.005\"} 1\n")
                .contains("apiserver_request_duration_seconds_bucket{" + labels + ",le=\"60\"} 2\n")
                .contains("apiserver_request_duration_seconds_bucket{" + labels + ",le=\"+Inf\"} 3\n")
                .contains("apiserver_request_sli_duration_seconds_bucket{" + wet + ",le=\"1\"} 2\n")
                .contains("apiserver_response_sizes_bucket{" + wet + ",le=\"1e+06\"} 2\n")
                .contains("apiserver_current_inflight_requests{request_kind=\"mutating\"} 1\n")
                .contains("apiserver_selfrequest_total{group=\"\",resource=\"pods\",subresource=\"\",verb=\"GET\"} 1\n")
                .contains("apiserver_longrunning_requests{component=\"apiserver\",group=\"\",resource=\"pods\",scope=\"cluster\",subresource=\"\",verb=\"WATCH\",version=\"v1\"} 1\n");
        watch.run();
        assertThat(registry.text()).contains("verb=\"WATCH\",version=\"v1\"} 0\n");
    }

    @Test
    void kindsAreNamedAsUpstreamNamesThem() {
        assertThat(kind("GET", "/api/v1/namespaces/a/pods", "", "").verb()).isEqualTo("LIST");
        assertThat(kind("GET", "/api/v1/namespaces/a/pods", "", "").scope()).isEqualTo("namespace");
        assertThat(kind("POST", "/api/v1/namespaces/a/pods", "dryRun=All", "").scope()).isEqualTo("resource");
        assertThat(kind("POST", "/api/v1/namespaces/a/pods", "dryRun=All", "").dryRun()).isEqualTo("All");
        assertThat(kind("PATCH", "/api/v1/namespaces/a/pods/p", "", "application/apply-patch+yaml").verb()).isEqualTo("APPLY");
        assertThat(kind("GET", "/api/v1/namespaces/a/pods/p/log", "", "").verb()).isEqualTo("CONNECT");
        assertThat(kind("DELETE", "/apis/apps/v1/deployments", "", "").verb()).isEqualTo("DELETE");
        assertThat(kind("DELETE", "/apis/apps/v1/deployments", "", "").scope()).isEqualTo("cluster");
        assertThat(RequestKind.ofPath("/readyz", "GET")).isEqualTo(new RequestKind("", "", "", "", "", "/readyz", "GET", ""));
    }

    @Test
    void whatWebhooksTakeIsNoPartOfTheServersOwnTime() throws Exception {
        MetricRegistry registry = new MetricRegistry();
        RequestMetrics metrics = new RequestMetrics(registry, TIMELINE);
        WebhookTime webhooks = new WebhookTime();
        webhooks.during(() -> WebhookTime.took(7_000_000_000L));
        WebhookTime.took(1);
        metrics.ended(kind("POST", "/api/v1/namespaces/a/pods", "", ""), 201, 7_010_000_000L, webhooks.nanos(), 100, false);
        assertThat(registry.text()).containsPattern("apiserver_request_sli_duration_seconds_bucket\\{.*,le=\"0.05\"} 1\n").containsPattern("apiserver_request_duration_seconds_bucket\\{.*,le=\"6\"} 0\n");
    }

    @Test
    void thePageSaysHowManyObjectsThereAre() {
        MetricRegistry registry = new MetricRegistry();
        new TableMetrics(registry).states(registry, () -> List.of(new TableMetrics.State("apps", "deployments", 3, () -> 4711, 5, 1, 2, 64, 1_000_000_000_000_007L)));
        assertThat(new String(new MetricsPage(registry).text(), StandardCharsets.UTF_8)).contains("apiserver_storage_objects{resource=\"deployments.apps\"} 3\n")
                .contains("apiserver_resource_objects{group=\"apps\",resource=\"deployments\"} 3\n", "apiserver_resource_size_estimate_bytes{group=\"apps\",resource=\"deployments\"} 4711\n",
                        "watch_cache_capacity{group=\"apps\",resource=\"deployments\"} 64\n", "apiserver_watch_cache_resource_version{group=\"apps\",resource=\"deployments\"} 7\n",
                        "apiserver_storage_list_fetched_objects_total{group=\"apps\",resource=\"deployments\"} 2\n");
    }
}
