package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Admission webhooks over HTTPS: what they are sent, and what their answers do.
class AdmissionWebhooksTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    Path directory = Path.of("");

    private static Map<String, Object> response(Map<?, ?> review, Map<String, Object> more) {
        Map<?, ?> request = (Map<?, ?>) Objects.requireNonNull(review.get("request"));
        Map<String, Object> response = new LinkedHashMap<>(more);
        response.putIfAbsent("uid", request.get("uid"));
        return Map.of("apiVersion", "admission.k8s.io/v1", "kind", "AdmissionReview", "response", response);
    }

    private static Map<?, ?> answer(String path, Map<?, ?> review) {
        String patch = Base64.getEncoder().encodeToString("[{\"op\":\"add\",\"path\":\"/data\",\"value\":{\"hooked\":\"yes\"}}]".getBytes(StandardCharsets.UTF_8));
        return switch (path) {
            case "/patch" -> response(review, Map.of("allowed", true, "patchType", "JSONPatch", "patch", patch));
            case "/untyped" -> response(review, Map.of("allowed", true, "patch", patch));
            case "/deny" -> response(review, Map.of("allowed", false, "status", Map.of("code", 418, "message", "no", "details", Map.of("causes", java.util.List.of(Map.of("field", "f"))))));
            case "/stranger" -> response(review, Map.of("allowed", true, "uid", "other"));
            default -> Map.of();
        };
    }

    private void configure(RunningApiServer server, Peer peer, String kind, String path, String policy) throws Exception {
        String authority = Base64.getEncoder().encodeToString(Files.readAllBytes(peer.authority()));
        server.delete("/apis/admissionregistration.k8s.io/v1/" + kind + "/h");
        RunningApiServer.Told made = server.post("/apis/admissionregistration.k8s.io/v1/" + kind, "{\"metadata\":{\"name\":\"h\"},\"webhooks\":[{\"name\":\"h.example.com\",\"clientConfig\":{\"url\":\""
                + peer.address() + path + "\",\"caBundle\":\"" + authority + "\"},\"rules\":[{\"apiGroups\":[\"\"],\"apiVersions\":[\"v1\"],\"operations\":[\"CREATE\"],\"resources\":[\"configmaps\"]}],"
                + "\"sideEffects\":\"None\",\"admissionReviewVersions\":[\"v1\"],\"failurePolicy\":\"" + policy + "\"}]}");
        assertThat(made.status()).as(made.body()).isEqualTo(201);
    }

    private static String map(String name) {
        return "{\"metadata\":{\"name\":\"" + name + "\"}}";
    }

    @Test
    void answers_change_refuse_or_fail_as_the_protocol_says() throws Exception {
        try (Peer peer = new Peer(directory, AdmissionWebhooksTest::answer);
                RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"))) {
            String mutating = "mutatingwebhookconfigurations";
            configure(server, peer, mutating, "/patch", "Fail");
            assertThat(server.post(MAPS, map("a")).at("data.hooked")).isEqualTo("yes");
            configure(server, peer, mutating, "/untyped", "Fail");
            assertThat(server.post(MAPS, map("b")).at("message")).isEqualTo("Internal error occurred: failed calling webhook \"h.example.com\": received invalid webhook response: "
                    + "webhook returned response.patch but not response.patchType");
            configure(server, peer, mutating, "/untyped", "Ignore");
            assertThat(server.post(MAPS, map("b")).status()).isEqualTo(201);
            server.delete("/apis/admissionregistration.k8s.io/v1/" + mutating + "/h");
            String validating = "validatingwebhookconfigurations";
            configure(server, peer, validating, "/deny", "Fail");
            RunningApiServer.Told denied = server.post(MAPS, map("c"));
            assertThat(denied.status()).isEqualTo(418);
            assertThat(denied.at("message")).isEqualTo("admission webhook \"h.example.com\" denied the request: no");
            assertThat(denied.at("details.causes").toString()).contains("f");
            configure(server, peer, validating, "/stranger", "Fail");
            assertThat(server.post(MAPS, map("c")).at("message").toString()).contains("expected response.uid=").contains("got \"other\"");
            configure(server, peer, validating, "/gone", "Fail");
            assertThat(server.post(MAPS, map("c")).at("message").toString()).contains("expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got /, Kind=");
            assertThat(server.get(MAPS + "/c").status()).isEqualTo(404);
        }
    }
}
