package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.etcd.EtcdOptions;
import io.j8s.etcd.EtcdProcess;
import io.j8s.etcd.EtcdStore;
import io.j8s.runtime.Timeline;
import io.j8s.store.Key;
import io.j8s.store.KeyRange;
import io.j8s.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kube-apiserver --etcd-servers`, over a real etcd.
class ExternalEtcdTest {

    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    Path directory = Path.of("");

    private static String configMap(String name, String value) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"key\":\"" + value + "\"}}";
    }

    @Test
    void objects_lie_in_etcd_as_upstream_stores_them_below_the_prefix() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(directory);
                RunningApiServer server = RunningApiServer.start(directory, "--etcd-servers=" + etcd.endpoint(), "--etcd-prefix=/other/place/")) {
            assertThat(server.post(CONFIG_MAPS, configMap("one", "1")).status()).isEqualTo(201);
            try (Store store = EtcdStore.of(EtcdOptions.of(etcd.endpoint()), Timeline.system())) {
                byte[] value = Objects.requireNonNull(store.snapshot().get(Key.of("/other/place/configmaps/default/one"))).value();
                assertThat(new String(value, StandardCharsets.ISO_8859_1)).startsWith("k8s\0").contains("ConfigMap");
                assertThat(store.snapshot().count(KeyRange.prefix("/registry/"))).isZero();
            }
        }
    }

    @Test
    void what_one_server_has_written_the_next_request_to_another_sees() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(directory);
                RunningApiServer one = RunningApiServer.start(directory, "--etcd-servers=" + etcd.endpoint());
                RunningApiServer other = RunningApiServer.start(directory, "--etcd-servers=" + etcd.endpoint())) {
            assertThat(one.post(CONFIG_MAPS, configMap("shared", "0")).status()).isEqualTo(201);
            for (int i = 1; i <= 20; i++) {
                RunningApiServer writer = i % 2 == 0 ? one : other;
                RunningApiServer reader = i % 2 == 0 ? other : one;
                assertThat(writer.merge(CONFIG_MAPS + "/shared", "{\"data\":{\"key\":\"" + i + "\"}}").status()).isEqualTo(200);
                assertThat(reader.get(CONFIG_MAPS + "/shared").at("data.key")).isEqualTo(Integer.toString(i));
            }
            assertThat(other.delete(CONFIG_MAPS + "/shared").status()).isEqualTo(200);
            assertThat(one.get(CONFIG_MAPS + "/shared").status()).isEqualTo(404);
            assertThat(one.post(CONFIG_MAPS, configMap("shared", "again")).status()).isEqualTo(201);
        }
    }

    @Test
    void without_etcd_health_fails_and_a_request_waits_for_its_return() throws Exception {
        int port = EtcdProcess.freePort();
        EtcdProcess etcd = EtcdProcess.start(directory, port, "http", List.of());
        try (RunningApiServer server = RunningApiServer.start(directory, "--etcd-servers=" + etcd.endpoint(), "--etcd-healthcheck-timeout=300ms", "--etcd-readycheck-timeout=300ms")) {
            assertThat(server.get("/readyz").status()).isEqualTo(200);
            assertThat(server.post(CONFIG_MAPS, configMap("before", "1")).status()).isEqualTo(201);
            etcd.close();
            assertThat(server.get("/readyz").status()).isEqualTo(500);
            assertThat(server.get("/livez").body()).contains("[-]etcd failed: reason withheld", "livez check failed");
            assertThat(server.get("/readyz/etcd-readiness").body()).isEqualTo("internal server error: error getting data from etcd: context deadline exceeded\n");
            assertThat(server.get(CONFIG_MAPS + "?resourceVersion=0").status()).as("what is not to be the newest comes from memory").isEqualTo(200);
            EtcdProcess[] again = new EtcdProcess[1];
            io.j8s.runtime.Task restart = Timeline.system().start("restart etcd", () -> again[0] = EtcdProcess.start(directory, port, "http", List.of()));
            assertThat(server.get(CONFIG_MAPS + "/before").status()).isEqualTo(200);
            assertThat(server.post(CONFIG_MAPS, configMap("after", "1")).status()).isEqualTo(201);
            assertThat(server.get("/readyz").status()).isEqualTo(200);
            restart.join();
            etcd = again[0];
        } finally {
            etcd.close();
        }
    }

    @Test
    void certificates_prove_both_sides() throws Exception {
        PkiFolder pki = PkiFolder.open(directory.resolve("pki"));
        Timeline timeline = Timeline.system();
        Credential authority = pki.authority("etcd-ca", "etcd-ca", timeline.now());
        pki.leaf("etcd-server", authority, CertificateOrder.server("etcd", Set.of("127.0.0.1", "localhost")), timeline.now());
        pki.leaf("etcd-client", authority, CertificateOrder.client("apiserver"), timeline.now());
        List<String> tls = List.of("--cert-file", file("etcd-server.crt"), "--key-file", file("etcd-server.key"), "--trusted-ca-file", file("etcd-ca.crt"), "--client-cert-auth");
        try (EtcdProcess etcd = EtcdProcess.start(directory, EtcdProcess.freePort(), "https", tls);
                RunningApiServer server = RunningApiServer.start(directory, "--etcd-servers=" + etcd.endpoint(), "--etcd-cafile=" + file("etcd-ca.crt"),
                        "--etcd-certfile=" + file("etcd-client.crt"), "--etcd-keyfile=" + file("etcd-client.key"))) {
            assertThat(server.post(CONFIG_MAPS, configMap("secured", "1")).status()).isEqualTo(201);
            assertThat(server.get(CONFIG_MAPS + "/secured").at("data.key")).isEqualTo("1");
        }
    }

    private String file(String name) {
        return directory.resolve("pki").resolve(name).toString();
    }

    @Test
    void what_cannot_be_honoured_is_refused_with_its_reason() {
        assertThatThrownBy(() -> RunningApiServer.start(directory, "--etcd-servers=http://127.0.0.1:2379", "--etcd-servers-overrides=/events#http://127.0.0.1:2380"))
                .hasMessageContaining("--etcd-servers-overrides is not supported");
        assertThatThrownBy(() -> RunningApiServer.start(directory)).hasMessageContaining("--etcd-servers").hasMessageContaining("--data-dir");
        assertThatThrownBy(() -> RunningApiServer.start(directory, "--etcd-servers=http://127.0.0.1:2379", "--storage-backend=etcd2")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_server_that_was_away_for_longer_than_history_is_kept_reads_everything_anew() throws IOException, InterruptedException {
        int port = EtcdProcess.freePort();
        EtcdProcess etcd = EtcdProcess.start(directory, port, "http", List.of());
        try (RunningApiServer server = RunningApiServer.start(directory, "--etcd-servers=" + etcd.endpoint())) {
            server.post(CONFIG_MAPS, configMap("kept", "old"));
            server.post(CONFIG_MAPS, configMap("deleted", "old"));
            etcd.close();
            etcd = EtcdProcess.start(directory, EtcdProcess.freePort(), "http", List.of());
            try (RunningApiServer other = RunningApiServer.start(directory, "--etcd-servers=" + etcd.endpoint())) {
                other.merge(CONFIG_MAPS + "/kept", "{\"data\":{\"key\":\"new\"}}");
                other.delete(CONFIG_MAPS + "/deleted");
                other.post(CONFIG_MAPS, configMap("created", "new"));
            }
            try (Store store = EtcdStore.of(EtcdOptions.of(etcd.endpoint()), Timeline.system())) {
                store.compact(store.revision());
            }
            etcd.close();
            etcd = EtcdProcess.start(directory, port, "http", List.of());
            assertThat(server.get(CONFIG_MAPS + "/kept").at("data.key")).isEqualTo("new");
            assertThat(server.get(CONFIG_MAPS + "/created").status()).isEqualTo(200);
            assertThat(server.get(CONFIG_MAPS + "/deleted").status()).isEqualTo(404);
        } finally {
            etcd.close();
        }
    }
}
