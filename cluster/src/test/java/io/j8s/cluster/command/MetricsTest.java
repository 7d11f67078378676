package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `/metrics` and `/metrics/slis`: the names, labels and buckets that common rules and dashboards (kubernetes-mixin, kube-prometheus) read.
@Timeout(60)
class MetricsTest {
    /// Series with the labels that those rules select or group by.
    private static final List<String> READ = List.of(
            "apiserver_request_total{code=\"200\",component=\"apiserver\",dry_run=\"\",group=\"\",resource=\"configmaps\",scope=\"resource\",subresource=\"\",verb=\"GET\",version=\"v1\"} 1",
            "apiserver_request_total{code=\"409\",component=\"apiserver\",dry_run=\"\",group=\"\",resource=\"configmaps\",scope=\"resource\",subresource=\"\",verb=\"POST\",version=\"v1\"} 1",
            "apiserver_request_sli_duration_seconds_bucket{component=\"apiserver\",group=\"\",resource=\"configmaps\",scope=\"resource\",subresource=\"\",verb=\"GET\",version=\"v1\",le=\"1\"} 1",
            "apiserver_request_sli_duration_seconds_bucket{component=\"apiserver\",group=\"\",resource=\"configmaps\",scope=\"namespace\",subresource=\"\",verb=\"LIST\",version=\"v1\",le=\"30\"} 1",
            "apiserver_request_sli_duration_seconds_count{", "apiserver_request_duration_seconds_bucket{", "apiserver_response_sizes_bucket{",
            "apiserver_current_inflight_requests{request_kind=\"readOnly\"} 1", "# TYPE apiserver_longrunning_requests gauge",
            "apiserver_admission_controller_admission_duration_seconds_bucket{name=\"NamespaceLifecycle\",operation=\"CREATE\",rejected=\"false\",type=\"",
            "apiserver_admission_step_admission_duration_seconds_bucket{operation=\"CREATE\",rejected=\"false\",type=\"validate\",le=\"0.005\"}",
            "authenticated_user_requests{username=\"admin\"}", "authentication_attempts{result=\"success\"}", "authentication_attempts{result=\"error\"} 1",
            "authorization_attempts_total{result=\"allowed\"}", "authorization_duration_seconds_bucket{result=\"allowed\",le=\"0.001\"}",
            "apiserver_client_certificate_expiration_seconds_count", "apiserver_client_certificate_expiration_seconds_bucket{le=\"604800\"}",
            "etcd_request_duration_seconds_bucket{group=\"\",operation=\"create\",resource=\"configmaps\",le=\"0.005\"}",
            "apiserver_storage_objects{resource=\"configmaps\"}", "apiserver_resource_objects{group=\"\",resource=\"configmaps\"}",
            "apiserver_watch_events_total{group=\"\",resource=\"configmaps\",version=\"v1\"}", "apiserver_watch_events_sizes_bucket{",
            "apiserver_flowcontrol_dispatched_requests_total{flow_schema=\"exempt\",priority_level=\"exempt\"}", "apiserver_flowcontrol_nominal_limit_seats{priority_level=\"workload-low\"}",
            "# TYPE apiserver_flowcontrol_request_wait_duration_seconds histogram",
            "apiserver_flowcontrol_current_inqueue_requests{", "apiserver_flowcontrol_request_execution_seconds",
            "aggregator_unavailable_apiservice{name=\"v1.apps\"} 0", "apiserver_audit_event_total 0", "apiserver_audit_requests_rejected_total 0",
            "process_resident_memory_bytes ", "process_cpu_seconds_total ", "process_start_time_seconds ", "process_open_fds ", "process_max_fds ", "process_virtual_memory_bytes ", "go_goroutines ",
            "go_memstats_heap_inuse_bytes ", "go_memstats_alloc_bytes ", "git_version=\"v1.36.3\"", "version_info{");

    @TempDir
    Path directory = Path.of("");

    @Test
    void what_dashboards_read_is_there_with_their_labels() throws Exception {
        String maps = "/api/v1/namespaces/default/configmaps";
        try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"))) {
            server.post(maps, "{\"metadata\":{\"name\":\"a\"}}");
            server.post(maps, "{\"metadata\":{\"name\":\"a\"}}");
            server.get(maps + "/a");
            server.get(maps);
            server.get(maps + "?watch=1&timeoutSeconds=1");
            server.getAs("wrong", maps);
            server.getAs("admintoken", "somebody", maps);
            server.get("/apis/none.example.dev/v1/things/x");
            String metrics = server.get("/metrics").body();
            assertThat(metrics).contains(READ).doesNotContain("none.example.dev");
            assertThat(metrics.lines().filter(line -> line.startsWith("# TYPE")).toList()).as("no family twice").doesNotHaveDuplicates();
        }
    }

    @Test
    void outcomes_of_health_checks_have_a_page_of_their_own() throws Exception {
        try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"))) {
            server.get("/readyz");
            server.get("/livez");
            server.get("/livez");
            assertThat(server.get("/metrics/slis").body()).contains("kubernetes_healthcheck{name=\"etcd\",type=\"readyz\"} 1\n")
                    .contains("kubernetes_healthchecks_total{name=\"ping\",status=\"success\",type=\"livez\"} 2\n").doesNotContain("apiserver_");
            assertThat(server.get("/metrics").body()).doesNotContain("kubernetes_healthcheck");
        }
    }
}
