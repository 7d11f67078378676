package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The flags that say who may do what: policy files, webhooks, and the file that lists authorizers.
class AuthorizationFlagsTest {

    private static final String REVIEW = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    @TempDir
    Path directory = Path.of("");

    private RunningApiServer start(String... flags) throws IOException {
        String[] all = Arrays.copyOf(flags, flags.length + 1);
        all[flags.length] = "--data-dir=" + directory.resolve("data");
        return RunningApiServer.start(directory, all);
    }

    private static RunningApiServer.Told may(RunningApiServer server, String user, String verb, String resource) throws IOException, InterruptedException {
        return server.post(REVIEW, "{\"spec\":{\"user\":\"" + user + "\",\"groups\":[\"system:authenticated\"],\"resourceAttributes\":{\"namespace\":\"default\",\"verb\":\"" + verb
                + "\",\"resource\":\"" + resource + "\"}}}");
    }

    @Test
    void policies_in_a_file_allow_what_they_name() throws Exception {
        Path file = directory.resolve("policies.jsonl");
        Files.writeString(file, """
                # comment
                {"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"user":"reader","namespace":"*","resource":"*","apiGroup":"*","readonly":true}}
                {"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"group":"system:authenticated","nonResourcePath":"/open/*"}}
                {"user":"old","resource":"pods"}
                """);
        try (RunningApiServer server = start("--authorization-mode=ABAC", "--authorization-policy-file=" + file)) {
            assertThat(may(server, "reader", "list", "secrets").at("status.allowed")).isEqualTo(true);
            assertThat(may(server, "reader", "create", "secrets").at("status.allowed")).isEqualTo(false);
            assertThat(may(server, "reader", "create", "secrets").at("status.reason")).isEqualTo("No policy matched.");
            assertThat(may(server, "old", "create", "pods").at("status.allowed")).isEqualTo(true);
            assertThat(may(server, "old", "create", "secrets").at("status.allowed")).isEqualTo(false);
        }
        Files.writeString(file, "{\"kind\":\"Policy\",\"apiVersion\":\"v9\"}\n");
        assertThatThrownBy(() -> start("--authorization-mode=ABAC", "--authorization-policy-file=" + file)).hasMessageContaining("line 1");
    }

    @Test
    void a_webhook_decides_and_is_not_asked_twice() throws Exception {
        try (Peer peer = new Peer(directory, (path, review) -> Map.of("status", review.toString().contains("user=jane")
                        ? Map.of("allowed", true, "reason", "friend") : Map.of("allowed", false, "denied", true)));
                RunningApiServer server = start("--authorization-mode=Webhook,AlwaysAllow", "--authorization-webhook-config-file=" + peer.kubeconfig())) {
            assertThat(may(server, "jane", "get", "pods").at("status.reason")).isEqualTo("friend");
            assertThat(may(server, "jane", "get", "pods").at("status.allowed")).isEqualTo(true);
            assertThat(may(server, "joe", "get", "pods").at("status.denied")).isEqualTo(true);
            assertThat(peer.asked).hasSize(2);
            assertThat(peer.asked.getFirst()).extracting("apiVersion").isEqualTo("authorization.k8s.io/v1beta1");
            assertThat(((Map<?, ?>) peer.asked.getFirst()).get("spec")).extracting("group").isEqualTo(java.util.List.of("system:authenticated"));
        }
    }

    private static final String CONFIGURATION = """
            apiVersion: apiserver.config.k8s.io/v1
            kind: AuthorizationConfiguration
            authorizers:
            - type: Webhook
              name: first
              webhook:
                timeout: 3s
                authorizedTTL: 30s
                unauthorizedTTL: 30s
                subjectAccessReviewVersion: v1
                matchConditionSubjectAccessReviewVersion: v1
                failurePolicy: Deny
                connectionInfo: {type: KubeConfigFile, kubeConfigFile: "%s"}
                matchConditions: [{expression: "has(request.resourceAttributes) && request.resourceAttributes.resource == 'secrets'"}]
            - {type: %s, name: last}
            """;

    @Test
    void a_configuration_lists_authorizers_and_is_read_again() throws Exception {
        Path file = directory.resolve("authorization.yaml");
        try (Peer peer = new Peer(directory, (path, review) -> Map.of("status", Map.of("allowed", false, "denied", true, "reason", "secret")))) {
            Files.writeString(file, CONFIGURATION.formatted(peer.kubeconfig(), "AlwaysAllow"));
            try (RunningApiServer server = start("--authorization-config=" + file)) {
                assertThat(may(server, "jane", "get", "pods").at("status.allowed")).isEqualTo(true);
                assertThat(peer.asked).isEmpty();
                assertThat(may(server, "jane", "get", "secrets").at("status.reason")).isEqualTo("secret");
                assertThat(peer.asked).hasSize(1);
                Files.writeString(file, CONFIGURATION.formatted(peer.kubeconfig(), "RBAC"));
                Files.writeString(file, CONFIGURATION.formatted(peer.kubeconfig(), "AlwaysAllow").replace("secrets", "pods"));
                while (Boolean.TRUE.equals(may(server, "jane", "get", "pods").at("status.allowed"))) {
                    Thread.onSpinWait();
                }
                assertThat(may(server, "jane", "get", "secrets").at("status.allowed")).isEqualTo(true);
            }
        }
    }

    @Test
    void what_contradicts_itself_is_refused_before_anything_starts() {
        assertThatThrownBy(() -> start("--authorization-mode=Magic")).hasMessageContaining("authorization-mode \"Magic\" is not a valid mode");
        assertThatThrownBy(() -> start("--authorization-mode=ABAC")).hasMessageContaining("authorization policy file not passed");
        assertThatThrownBy(() -> start("--authorization-mode=Webhook")).hasMessageContaining("authorization config file not passed");
        assertThatThrownBy(() -> start("--authorization-mode=RBAC", "--authorization-config=x")).hasMessageContaining("--authorization-config can not be specified");
        assertThatThrownBy(() -> start("--authorization-mode=RBAC,RBAC")).hasMessageContaining("more than once");
    }
}
