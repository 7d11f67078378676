package io.j8s.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Timeline;
import io.j8s.store.CompactedException;
import io.j8s.store.Event;
import io.j8s.store.Key;
import io.j8s.store.KeyRange;
import io.j8s.store.Operation;
import io.j8s.store.Store;
import io.j8s.store.StoreUnavailableException;
import io.j8s.store.Transaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections that are secured, that break, and that lead nowhere.
class EtcdConnectionTest {

    private static final Key KEY = Key.of("/key");

    @TempDir
    Path directory = Path.of("");

    private static Transaction put() {
        return Transaction.of(new Operation.Put(KEY, new byte[] {1}));
    }

    @Test
    void anEndpointThatCannotBeReachedIsPassedOver() throws IOException {
        String nobody = "http://127.0.0.1:" + EtcdProcess.freePort();
        try (EtcdProcess etcd = EtcdProcess.start(directory);
                Store store = EtcdStore.of(EtcdOptions.of(nobody, etcd.endpoint()), Timeline.system())) {
            assertThat(store.commit(put()).revision()).isEqualTo(2);
            assertThat(store.snapshot().get(KEY)).isNotNull();
        }
    }

    @Test
    void whenNobodyAnswersItIsSaidThatNothingHappened() throws IOException {
        try (Store store = EtcdStore.of(EtcdOptions.of("http://127.0.0.1:" + EtcdProcess.freePort()), Timeline.system())) {
            assertThatThrownBy(() -> store.commit(put()))
                    .isInstanceOfSatisfying(StoreUnavailableException.class, e -> assertThat(e.outcomeUnknown()).isFalse())
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void aSubscriptionGoesOnWhereItWasWhenEtcdComesBack() throws Exception {
        int port = EtcdProcess.freePort();
        LinkedBlockingQueue<Long> told = new LinkedBlockingQueue<>();
        EtcdProcess etcd = EtcdProcess.start(directory, port, "http", List.of());
        try (Store store = EtcdStore.of(EtcdOptions.of(etcd.endpoint()), Timeline.system())) {
            store.subscribe(KeyRange.ALL, 1, (revision, events) -> told.add(revision));
            store.commit(put());
            assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(2);
            etcd.close();
            etcd = EtcdProcess.start(directory, port, "http", List.of());
            try (Store other = EtcdStore.of(EtcdOptions.of(etcd.endpoint()), Timeline.system())) {
                other.commit(put());
                other.commit(put());
            }
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(3);
            assertThat(told.poll(20, TimeUnit.SECONDS)).isEqualTo(4);
            assertThat(store.commit(put()).revision()).isEqualTo(5);
            assertThat(told.poll()).as("told before the commit returned").isEqualTo(5);
        } finally {
            etcd.close();
        }
    }

    @Test
    void aSubscriptionWhosePlaceIsCompactedMeanwhileIsTold() throws Exception {
        int port = EtcdProcess.freePort();
        LinkedBlockingQueue<CompactedException> lost = new LinkedBlockingQueue<>();
        EtcdProcess etcd = EtcdProcess.start(directory, port, "http", List.of());
        try (Store store = EtcdStore.of(EtcdOptions.of(etcd.endpoint()), Timeline.system())) {
            store.subscribe(KeyRange.ALL, 1, new Store.Listener() {
                @Override
                public void changed(long revision, List<Event> events) {}

                @Override
                public void lost(CompactedException cause) {
                    lost.add(cause);
                }
            });
            etcd.close();
            // While the subscriber knocks at the old door, others write and compact behind another one.
            etcd = EtcdProcess.start(directory, EtcdProcess.freePort(), "http", List.of());
            try (Store other = EtcdStore.of(EtcdOptions.of(etcd.endpoint()), Timeline.system())) {
                for (int i = 0; i < 10; i++) {
                    other.commit(put());
                }
                other.compact(8);
            }
            etcd.close();
            etcd = EtcdProcess.start(directory, port, "http", List.of());
            assertThat(Objects.requireNonNull(lost.poll(20, TimeUnit.SECONDS)).compactedRevision()).isEqualTo(8);
        } finally {
            etcd.close();
        }
    }

    @Test
    void certificatesProveBothSides() throws Exception {
        Path keys = directory.resolve("keys.p12");
        Path certificate = directory.resolve("certificate.pem");
        Path key = directory.resolve("key.pem");
        makeCertificate(keys);
        writePem(keys, certificate, key);
        List<String> tls = List.of("--cert-file", certificate.toString(), "--key-file", key.toString(), "--trusted-ca-file", certificate.toString(), "--client-cert-auth");
        try (EtcdProcess etcd = EtcdProcess.start(directory, EtcdProcess.freePort(), "https", tls)) {
            EtcdOptions known = new EtcdOptions(List.of(etcd.endpoint()), certificate, certificate, key);
            try (Store store = EtcdStore.of(known, Timeline.system())) {
                assertThat(store.commit(put()).revision()).isEqualTo(2);
            }
            EtcdOptions unknown = new EtcdOptions(List.of(etcd.endpoint()), certificate, null, null);
            try (Store store = EtcdStore.of(unknown, Timeline.system())) {
                assertThatThrownBy(() -> store.commit(put())).isInstanceOf(StoreUnavailableException.class);
            }
        }
    }

    private static void makeCertificate(Path keys) throws Exception {
        String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        tool, "-genkeypair", "-alias", "it", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=etcd", "-ext", "san=ip:127.0.0.1", "-ext",
                        "bc=ca:true", "-keystore", keys.toString(), "-storetype", "PKCS12", "-storepass", "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static void writePem(Path keys, Path certificate, Path key) throws IOException, GeneralSecurityException {
        char[] password = "changeit".toCharArray();
        KeyStore store = KeyStore.getInstance(keys.toFile(), password);
        Files.writeString(certificate, pem("CERTIFICATE", store.getCertificate("it").getEncoded()));
        Files.writeString(key, pem("PRIVATE KEY", store.getKey("it", password).getEncoded()));
    }

    private static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type + "-----\n";
    }
}
