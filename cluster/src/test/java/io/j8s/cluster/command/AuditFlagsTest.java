package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `--audit-*`: what a file and another server are told of requests.
@Timeout(60)
class AuditFlagsTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    Path directory = Path.of("");

    private RunningApiServer start(String... flags) throws IOException {
        Path policy = Files.writeString(directory.resolve("policy.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                rules:
                - {level: RequestResponse, resources: [{group: "", resources: [configmaps]}], users: [admin]}
                """);
        List<String> all = new ArrayList<>(List.of("--data-dir=" + directory.resolve("data"), "--audit-policy-file=" + policy));
        all.addAll(List.of(flags));
        return RunningApiServer.start(directory, all.toArray(String[]::new));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 400 && !condition.getAsBoolean(); i++) {
            Timeline.system().sleep(Duration.ofMillis(25));
        }
    }

    private static List<?> items(Object list) {
        return list instanceof Map<?, ?> map && map.get("items") instanceof List<?> items ? items : List.of();
    }

    private static List<Map<?, ?>> events(Peer peer) {
        List<Map<?, ?>> events = new ArrayList<>();
        for (Object list : peer.asked) {
            items(list).forEach(event -> events.add((Map<?, ?>) event));
        }
        return events;
    }

    @Test
    void another_server_is_told_in_batches() throws Exception {
        try (Peer sink = new Peer(directory, (path, body) -> Map.of());
                RunningApiServer server = start("--audit-webhook-config-file=" + sink.kubeconfig(), "--audit-webhook-batch-max-wait=200ms", "--audit-webhook-batch-max-size=3")) {
            assertThat(server.post(MAPS, "{\"metadata\":{\"name\":\"a\"}}").status()).isEqualTo(201);
            assertThat(server.get(MAPS + "/a").status()).isEqualTo(200);
            await(() -> events(sink).size() >= 4);
            assertThat(String.valueOf(sink.asked.getFirst())).startsWith("{kind=EventList, apiVersion=audit.k8s.io/v1, metadata={}, items=[");
            assertThat(sink.asked).allSatisfy(list -> assertThat(items(list)).hasSizeBetween(1, 3));
            assertThat(events(sink)).extracting(event -> event.get("stage") + " " + event.get("verb"))
                    .containsExactlyInAnyOrder("RequestReceived create", "ResponseComplete create", "RequestReceived get", "ResponseComplete get");
            String metrics = server.get("/metrics").body();
            assertThat(metrics).contains("apiserver_audit_event_total 4").contains("apiserver_audit_level_total{level=\"RequestResponse\"} 2").contains("apiserver_audit_requests_rejected_total 0");
        }
    }

    @Test
    void a_server_that_fails_is_asked_again_and_losses_are_counted() throws Exception {
        try (Peer sink = new Peer(directory, (path, body) -> null);
                RunningApiServer server = start("--audit-webhook-config-file=" + sink.kubeconfig(), "--audit-webhook-batch-max-wait=1ms", "--audit-webhook-initial-backoff=1ms")) {
            assertThat(server.get(MAPS).status()).as("the request does not mind").isEqualTo(200);
            BooleanSupplier counted = () -> {
                try {
                    return server.get("/metrics").body().contains("apiserver_audit_error_total{plugin=\"webhook\"} 2");
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            };
            await(counted);
            assertThat(counted.getAsBoolean()).isTrue();
            assertThat(sink.asked).as("each batch is sent five times").hasSizeGreaterThanOrEqualTo(5);
        }
    }

    @Test
    void strictly_nothing_is_served_that_cannot_be_recorded() throws Exception {
        try (RunningApiServer server = start("--audit-log-path=/dev/full", "--audit-log-maxsize=0", "--audit-log-mode=blocking-strict")) {
            RunningApiServer.Told refused = server.get(MAPS);
            assertThat(refused.status()).isEqualTo(500);
            assertThat(refused.body()).contains("failed to store audit event");
            assertThat(server.get("/metrics").body()).contains("apiserver_audit_requests_rejected_total 1").contains("apiserver_audit_error_total{plugin=\"log\"}");
        }
        try (RunningApiServer server = start("--audit-log-path=/dev/full", "--audit-log-maxsize=0")) {
            assertThat(server.get(MAPS).status()).as("otherwise it is").isEqualTo(200);
        }
    }

    @Test
    void the_older_form_is_a_line_of_text_and_large_records_lose_their_bodies() throws Exception {
        Path text = directory.resolve("text.log");
        try (RunningApiServer server = start("--audit-log-path=" + text, "--audit-log-format=legacy", "--audit-log-mode=batch")) {
            server.getAs("admintoken", "jane", MAPS);
        }
        assertThat(Files.readString(text)).contains(" AUDIT: id=\"").contains(
                "ip=\"127.0.0.1\" method=\"list\" user=\"admin\" groups=\"\\\"system:masters\\\",\\\"system:authenticated\\\"\" as=\"jane\" asgroups=\"\\\"system:authenticated\\\"\"")
                .contains("namespace=\"default\" uri=\"" + MAPS + "\" response=\"403\"").contains("response=\"<deferred>\"");
        Path json = directory.resolve("json.log");
        try (RunningApiServer server = start("--audit-log-path=" + json, "--audit-log-truncate-enabled", "--audit-log-truncate-max-event-size=2000")) {
            server.post(MAPS, "{\"metadata\":{\"name\":\"large\"},\"data\":{\"a\":\"" + "x".repeat(3000) + "\"}}");
        }
        assertThat(Files.readString(json)).contains("\"audit.k8s.io/truncated\":\"true\"").doesNotContain("xxx").contains("\"code\":201");
    }

    @Test
    void wrong_flags_are_refused_in_upstreams_words() {
        String kubeconfig = "--audit-webhook-config-file=" + directory.resolve("none");
        assertThatThrownBy(() -> start("--audit-log-path=x", "--audit-log-mode=now")).hasMessage("invalid audit log mode now, allowed modes are \"batch,blocking,blocking-strict\"");
        assertThatThrownBy(() -> start("--audit-log-path=x", "--audit-log-format=xml")).hasMessageContaining("invalid audit log format xml");
        assertThatThrownBy(() -> start("--audit-log-path=x", "--audit-log-maxage=-1")).hasMessage("--audit-log-maxage -1 can't be a negative number");
        assertThatThrownBy(() -> start(kubeconfig, "--audit-webhook-batch-throttle-qps=0")).hasMessage("invalid audit batch webhook throttle QPS 0, must be a positive number");
        assertThatThrownBy(() -> start(kubeconfig)).hasMessageContaining("--audit-webhook-config-file");
    }
}
