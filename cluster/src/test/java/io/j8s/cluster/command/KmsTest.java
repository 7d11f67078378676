package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.runtime.Timeline;
import io.j8s.store.Key;
import io.j8s.store.LocalStore;
import io.j8s.store.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// KMS v2: a plugin behind a Unix socket that keeps the keys.
@Timeout(60)
class KmsTest {
    private static final String SECRETS = "/api/v1/namespaces/default/secrets";

    @TempDir
    Path directory = Path.of("");

    private final AtomicInteger encrypted = new AtomicInteger();
    private final AtomicInteger decrypted = new AtomicInteger();

    /// Writes one field of bytes.
    private static void field(ByteArrayOutputStream out, int number, byte[] value) {
        out.write(number << 3 | 2);
        out.write(value.length);
        out.writeBytes(value);
    }

    /// The first field of a message that begins with one of up to 127 bytes.
    private static byte[] first(byte[] message) {
        return Arrays.copyOfRange(message, 2, 2 + message[1]);
    }

    private static byte[] turned(byte[] value) {
        byte[] turned = value.clone();
        for (int i = 0; i < turned.length; i++) {
            turned[i] ^= 0x5a;
        }
        return turned;
    }

    private GrpcPeer plugin(Path socket, String keyId, String health) throws IOException {
        Files.deleteIfExists(socket);
        return GrpcPeer.at(socket, "v2.KeyManagementService", Map.of(
                "Status", request -> {
                    ByteArrayOutputStream status = new ByteArrayOutputStream();
                    field(status, 1, "v2".getBytes(StandardCharsets.UTF_8));
                    field(status, 2, health.getBytes(StandardCharsets.UTF_8));
                    field(status, 3, keyId.getBytes(StandardCharsets.UTF_8));
                    return status.toByteArray();
                },
                "Encrypt", request -> {
                    encrypted.incrementAndGet();
                    ByteArrayOutputStream answer = new ByteArrayOutputStream();
                    field(answer, 1, turned(first(request)));
                    field(answer, 2, keyId.getBytes(StandardCharsets.UTF_8));
                    return answer.toByteArray();
                },
                "Decrypt", request -> {
                    decrypted.incrementAndGet();
                    ByteArrayOutputStream answer = new ByteArrayOutputStream();
                    field(answer, 1, turned(first(request)));
                    return answer.toByteArray();
                }));
    }

    private RunningApiServer start(Path socket, String... more) throws IOException {
        Path rules = Files.writeString(directory.resolve("rules.yaml"), """
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: [secrets]
                  providers:
                  - kms: {apiVersion: v2, name: keeper, endpoint: 'unix://%s', timeout: 3s}
                """.formatted(socket));
        String[] flags = Arrays.copyOf(more, more.length + 2);
        flags[more.length] = "--data-dir=" + directory.resolve("data");
        flags[more.length + 1] = "--encryption-provider-config=" + rules;
        return RunningApiServer.start(directory, flags);
    }

    private String stored(String name) {
        try (Store store = LocalStore.open(directory.resolve("data"), Timeline.system())) {
            return new String(Objects.requireNonNull(store.snapshot().get(Key.of("/registry/secrets/default/" + name))).value(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String secret(String name) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"stringData\":{\"word\":\"hush-hush\"}}";
    }

    @Test
    void values_are_sealed_with_one_seed_and_with_another_when_the_plugin_has_another_key() throws Exception {
        Path socket = Path.of("/tmp", "j8s-kms-" + ProcessHandle.current().pid() + ".sock"); // the path of a socket must be short
        try {
            try (GrpcPeer _ = plugin(socket, "key-one", "ok"); RunningApiServer server = start(socket)) {
                for (int i = 0; i < 10; i++) {
                    assertThat(server.post(SECRETS, secret("s" + i)).status()).isEqualTo(201);
                }
                assertThat(encrypted.get()).as("one seed for all").isEqualTo(1);
                assertThat(server.get("/healthz/kms-provider-0").body()).isEqualTo("ok");
                assertThat(server.get("/metrics").body())
                        .contains("apiserver_envelope_encryption_kms_operations_latency_seconds_count{grpc_status_code=\"OK\",method_name=\"/v2.KeyManagementService/Encrypt\",provider_name=\"keeper\"} 1")
                        .contains("provider_name=\"keeper\",transformation_type=\"to_storage\"} 10").contains("apiserver_envelope_encryption_dek_source_cache_size{provider_name=\"keeper\"}")
                        .doesNotContain("key-one");
            }
            assertThat(stored("s1")).startsWith("k8s:enc:kms:v2:keeper:").contains("key-one").doesNotContain("hush-hush");
            try (GrpcPeer _ = plugin(socket, "key-two", "ok"); RunningApiServer server = start(socket)) {
                assertThat(decrypted.get()).as("the seed of ten values is opened once").isEqualTo(1);
                assertThat(server.get(SECRETS + "/s1").at("data.word")).isEqualTo("aHVzaC1odXNo");
                assertThat(server.send("PUT", SECRETS + "/s1", "application/json", server.get(SECRETS + "/s1").body()).status()).isEqualTo(200);
            }
            assertThat(stored("s1")).as("the same again is stored under the new key").contains("key-two").doesNotContain("key-one");
            assertThat(stored("s2")).contains("key-one");
        } finally {
            Files.deleteIfExists(socket);
        }
    }

    @Test
    void a_plugin_that_is_not_well_shows_in_the_servers_health() throws Exception {
        Path socket = Path.of("/tmp", "j8s-kms-ill-" + ProcessHandle.current().pid() + ".sock");
        try (GrpcPeer _ = plugin(socket, "key", "out of order")) {
            try (RunningApiServer server = start(socket)) {
                assertThat(server.get("/healthz/kms-provider-0").status()).isEqualTo(500);
                assertThat(server.get("/readyz").body()).contains("[-]kms-provider-0 failed: reason withheld");
                assertThat(server.post(SECRETS, secret("s")).status()).isEqualTo(500);
            }
            try (RunningApiServer server = start(socket, "--encryption-provider-config-automatic-reload")) {
                assertThat(server.get("/healthz/kms-providers").body()).contains("out of order");
                assertThat(server.get("/healthz/kms-provider-0").status()).isEqualTo(404);
            }
        } finally {
            Files.deleteIfExists(socket);
        }
    }
}
