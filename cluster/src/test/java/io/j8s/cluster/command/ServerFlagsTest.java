package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import io.j8s.etcd.EtcdOptions;
import io.j8s.etcd.EtcdProcess;
import io.j8s.etcd.EtcdStore;
import io.j8s.store.Key;
import io.j8s.store.Store;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Flags of `kube-apiserver` about the server itself: how services get addresses, what it publishes of itself, what it refuses.
@Timeout(60)
class ServerFlagsTest {
    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final String ENDPOINTS = "/api/v1/namespaces/default/endpoints/kubernetes";

    @TempDir
    Path directory = Path.of("");

    private RunningApiServer start(String... flags) throws IOException {
        List<String> all = new java.util.ArrayList<>(List.of("--data-dir=" + directory.resolve("data")));
        all.addAll(List.of(flags));
        return RunningApiServer.start(directory, all.toArray(String[]::new));
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < 400 && !condition.call(); i++) {
            Timeline.system().sleep(Duration.ofMillis(25));
        }
        assertThat(condition.call()).isTrue();
    }

    private static String service(String name, String more) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"ports\":[{\"port\":80}]" + more + "}}";
    }

    @Test
    void services_have_addresses_of_both_families_where_there_are_both() throws Exception {
        try (RunningApiServer server = start("--service-cluster-ip-range=10.0.0.0/24,fd00:10::/112", "--service-node-port-range=30100-30110")) {
            assertThat(server.get("/apis/networking.k8s.io/v1/servicecidrs/kubernetes").at("spec.cidrs")).hasToString("[10.0.0.0/24, fd00:10::/112]");
            RunningApiServer.Told both = server.post(SERVICES, service("both", ",\"ipFamilyPolicy\":\"RequireDualStack\",\"type\":\"NodePort\""));
            assertThat(both.status()).isEqualTo(201);
            assertThat(both.at("spec.ipFamilies")).hasToString("[IPv4, IPv6]");
            assertThat(both.at("spec.clusterIPs").toString()).matches("\\[10\\.0\\.0\\.\\d+, fd00:10::[0-9a-f]+]");
            assertThat(both.at("spec.ports").toString()).containsPattern("nodePort=301(0\\d|10)");
            RunningApiServer.Told turned = server.post(SERVICES, service("turned", ",\"ipFamilyPolicy\":\"PreferDualStack\",\"ipFamilies\":[\"IPv6\",\"IPv4\"]"));
            assertThat(turned.at("spec.clusterIP").toString()).startsWith("fd00:10::");
            RunningApiServer.Told single = server.post(SERVICES, service("single", ""));
            assertThat(single.at("spec.ipFamilyPolicy")).isEqualTo("SingleStack");
            assertThat(single.at("spec.ipFamilies")).hasToString("[IPv4]");
            assertThat(server.merge(SERVICES + "/single", "{\"spec\":{\"ipFamilyPolicy\":\"PreferDualStack\"}}").at("spec.clusterIPs").toString()).contains("fd00:10::");
        }
        try (RunningApiServer server = RunningApiServer.start(directory, "--data-dir=" + directory.resolve("other"))) {
            assertThat(server.post(SERVICES, service("both", ",\"ipFamilyPolicy\":\"RequireDualStack\"")).status()).isEqualTo(422);
        }
        assertThatThrownBy(() -> start("--service-cluster-ip-range=10.0.0.0/24,10.1.0.0/24")).hasMessageContaining("one of each family");
    }

    @Test
    void the_server_says_that_it_lives_and_where() throws Exception {
        try (RunningApiServer server = start("--advertise-address=192.0.2.7", "--kubernetes-service-node-port=30443")) {
            String leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases?labelSelector=apiserver.kubernetes.io/identity=kube-apiserver";
            await(() -> server.get(leases).body().contains("holderIdentity"));
            assertThat(server.get(leases).body()).containsPattern("\"name\":\"apiserver-[a-z2-7]{26}\"").contains("\"leaseDurationSeconds\":3600").contains("\"kubernetes.io/peer-advertise-address\":\"192.0.2.7:");
            await(() -> server.get(ENDPOINTS).status() == 200);
            assertThat(server.get(ENDPOINTS).body()).contains("192.0.2.7");
            assertThat(server.get(SERVICES + "/kubernetes").body()).contains("\"type\":\"NodePort\"").contains("\"nodePort\":30443");
        }
    }

    @Test
    void servers_over_one_etcd_are_published_as_long_as_they_live() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(directory);
                RunningApiServer one = RunningApiServer.start(directory, "--etcd-servers=" + etcd.endpoint(), "--advertise-address=192.0.2.1");
                Store store = EtcdStore.of(EtcdOptions.of(etcd.endpoint()), Timeline.system())) {
            try (RunningApiServer other = RunningApiServer.start(directory, "--etcd-servers=" + etcd.endpoint(), "--advertise-address=192.0.2.2")) {
                await(() -> other.get(ENDPOINTS).body().contains("192.0.2.1") && other.get(ENDPOINTS).body().contains("192.0.2.2"));
                byte[] lease = Objects.requireNonNull(store.snapshot().get(Key.of("/registry/masterleases/192.0.2.2"))).value();
                assertThat(new String(lease, StandardCharsets.ISO_8859_1)).startsWith("k8s\0").contains("Endpoints", "192.0.2.2");
            }
            await(() -> !one.get(ENDPOINTS).body().contains("192.0.2.2"));
            assertThat(one.get(ENDPOINTS).body()).contains("192.0.2.1");
            assertThat(store.snapshot().get(Key.of("/registry/masterleases/192.0.2.2"))).isNull();
        }
    }

    @Test
    void what_is_disabled_is_not_shown_and_what_is_not_done_is_refused() throws Exception {
        try (RunningApiServer server = start("--disabled-metrics=apiserver_request_total,go_goroutines", "--endpoint-reconciler-type=none", "--advertise-address=192.0.2.7")) {
            assertThat(server.get(ENDPOINTS).status()).isEqualTo(404);
            assertThat(server.get("/metrics").body()).contains("apiserver_request_duration_seconds").doesNotContain("apiserver_request_total", "go_goroutines");
        }
        Path egress = Files.writeString(directory.resolve("egress.yaml"), """
                apiVersion: apiserver.k8s.io/v1beta1
                kind: EgressSelectorConfiguration
                egressSelections:
                - {name: cluster, connection: {proxyProtocol: GRPC}}
                """);
        assertThatThrownBy(() -> start("--egress-selector-config-file=" + egress)).hasMessageContaining("only proxyProtocol Direct is supported");
        assertThatThrownBy(() -> start("--service-account-signing-endpoint=/run/signer")).hasMessageContaining("is not supported");
        assertThatThrownBy(() -> start("--endpoint-reconciler-type=some")).hasMessageContaining("lease, master-count, none");
    }
}
