package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Admission plugins that are asked for by flags and set up by a file.
class AdmissionFlagsTest {

    @TempDir
    Path directory = Path.of("");

    private RunningApiServer start(String plugins, String configuration) throws IOException {
        Path file = directory.resolve("admission.yaml");
        Files.writeString(file, "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n" + configuration);
        return RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"), "--enable-admission-plugins=" + plugins, "--disable-admission-plugins=ServiceAccount",
                configuration.isEmpty() ? "--default-unreachable-toleration-seconds=60" : "--admission-control-config-file=" + file);
    }

    private static String pod(String spec) {
        return "{\"metadata\":{\"name\":\"p\"},\"spec\":{" + spec + "\"containers\":[{\"name\":\"c\",\"image\":\"i:1\"}]}}";
    }

    private static final String PODS = "/api/v1/namespaces/default/pods";

    @Test
    void events_beyond_the_rate_are_refused() throws Exception {
        try (RunningApiServer server = start("EventRateLimit", """
                - name: EventRateLimit
                  configuration:
                    apiVersion: eventratelimit.admission.k8s.io/v1alpha1
                    kind: Configuration
                    limits: [{type: Namespace, qps: 1, burst: 2}]
                """)) {
            String event = "{\"metadata\":{\"generateName\":\"e\",\"namespace\":\"default\"},\"involvedObject\":{\"namespace\":\"default\",\"name\":\"p\",\"kind\":\"Pod\"}}";
            String events = "/api/v1/namespaces/default/events";
            assertThat(server.post(events, event).status()).isEqualTo(201);
            assertThat(server.post(events, event).status()).isEqualTo(201);
            RunningApiServer.Told refused = server.post(events, event);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.at("message")).isEqualTo("limit reached on type Namespace for key default");
            assertThat(server.post(events + "?dryRun=All", event).status()).isEqualTo(201);
        }
    }

    @Test
    void images_are_asked_for_at_a_webhook() throws Exception {
        try (Peer peer = new Peer(directory, (path, review) -> Map.of("status",
                        review.toString().contains("bad") ? Map.of("allowed", false, "reason", "unsigned") : Map.of("allowed", true)));
                RunningApiServer server = start("ImagePolicyWebhook", """
                        - name: ImagePolicyWebhook
                          configuration: {imagePolicy: {kubeConfigFile: "%s", allowTTL: 50, denyTTL: 50, defaultAllow: false}}
                        """.formatted(peer.kubeconfig()))) {
            assertThat(server.post(PODS + "?dryRun=All", pod("")).status()).isEqualTo(201);
            RunningApiServer.Told refused = server.post(PODS, pod("").replace("i:1", "bad:1"));
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.at("message")).isEqualTo("pods \"p\" is forbidden: image policy webhook backend denied one or more images: unsigned");
            assertThat(peer.asked).hasSize(2);
        }
    }

    @Test
    void a_file_sets_the_pod_security_of_namespaces_that_say_nothing() throws Exception {
        try (RunningApiServer server = start("AlwaysAdmit", """
                - name: PodSecurity
                  configuration:
                    apiVersion: pod-security.admission.config.k8s.io/v1
                    kind: PodSecurityConfiguration
                    defaults: {enforce: baseline, enforce-version: latest}
                    exemptions: {namespaces: [free]}
                """)) {
            assertThat(server.post(PODS, pod("\"hostNetwork\":true,")).at("message").toString()).contains("violates PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)");
            assertThat(server.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"free\"}}").status()).isEqualTo(201);
            assertThat(server.post("/api/v1/namespaces/free/pods", pod("\"hostNetwork\":true,")).status()).isEqualTo(201);
        }
    }

    @Test
    void namespaces_are_made_when_they_are_missing_and_give_pods_their_nodes() throws Exception {
        try (RunningApiServer server = start("NamespaceAutoProvision,PodNodeSelector,PodTolerationRestriction", """
                - name: PodNodeSelector
                  configuration: {podNodeSelectorPluginConfig: {clusterDefaultNodeSelector: "disk=ssd", tight: "zone=a"}}
                """)) {
            RunningApiServer.Told made = server.post("/api/v1/namespaces/fresh/pods", pod(""));
            assertThat(made.at("spec.nodeSelector")).isEqualTo(Map.of("disk", "ssd"));
            assertThat(server.get("/api/v1/namespaces/fresh").status()).isEqualTo(200);
            assertThat(server.post("/api/v1/namespaces/fresh/pods", pod("\"nodeSelector\":{\"disk\":\"tape\"},")).at("message").toString())
                    .contains("pod node label selector conflicts with its namespace node label selector");
            assertThat(server.post("/api/v1/namespaces/tight/pods", pod("")).at("message").toString()).contains("conflict with its namespace whitelist");
            String allowed = "[{\\\"key\\\":\\\"a\\\",\\\"operator\\\":\\\"Exists\\\"}]";
            server.merge("/api/v1/namespaces/fresh", "{\"metadata\":{\"annotations\":{\"scheduler.alpha.kubernetes.io/tolerationsWhitelist\":\"" + allowed
                    + "\",\"scheduler.alpha.kubernetes.io/node-selector\":\"\"}}}");
            RunningApiServer.Told refused = server.post("/api/v1/namespaces/fresh/pods", pod("\"tolerations\":[{\"key\":\"b\",\"operator\":\"Exists\"}],"));
            assertThat(refused.at("message").toString()).contains("conflict with its namespace whitelist");
        }
    }

    @Test
    void owners_wait_only_for_those_who_may_make_them() throws Exception {
        try (RunningApiServer server = start("OwnerReferencesPermissionEnforcement,LimitPodHardAntiAffinityTopology", "")) {
            assertThat(server.post(PODS, pod("\"affinity\":{\"podAntiAffinity\":{\"requiredDuringSchedulingIgnoredDuringExecution\":[{\"topologyKey\":\"zone\"}]}},")).at("message")
                    .toString()).contains("TopologyKey zone but only key kubernetes.io/hostname is allowed");
            assertThat(server.post(PODS + "?dryRun=All", pod("")).body()).contains("\"tolerationSeconds\":60");
            String role = "{\"metadata\":{\"name\":\"r\"},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"],\"verbs\":[\"create\"]}]}";
            server.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles", role);
            server.post("/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings", "{\"metadata\":{\"name\":\"r\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\","
                    + "\"kind\":\"Role\",\"name\":\"r\"},\"subjects\":[{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"jane\"}]}");
            String owned = "{\"metadata\":{\"name\":\"c\",\"ownerReferences\":[{\"apiVersion\":\"apps/v1\",\"kind\":\"%s\",\"name\":\"o\",\"uid\":\"u\",\"blockOwnerDeletion\":true}]}}";
            String maps = "/api/v1/namespaces/default/configmaps";
            assertThat(server.postAs("jane", maps, owned.formatted("ReplicaSet")).at("message").toString()).contains("a resource you can't set finalizers on");
            assertThat(server.postAs("jane", maps, owned.formatted("Unknown")).at("message").toString()).contains("cannot find RESTMapping for APIVersion apps/v1 Kind Unknown");
            assertThat(server.postAs("jane", maps, owned.formatted("ReplicaSet").replace(",\"blockOwnerDeletion\":true", "")).status()).isEqualTo(201);
        }
    }

    @Test
    void a_plugin_that_does_not_exist_is_refused_with_those_that_do() {
        assertThatThrownBy(() -> start("Magic", "")).hasMessageContaining("enable-admission-plugins plugin \"Magic\" is unknown").hasMessageContaining("PodTolerationRestriction");
        assertThatThrownBy(() -> start("EventRateLimit", "")).hasMessageContaining("EventRateLimit needs limits");
    }
}
