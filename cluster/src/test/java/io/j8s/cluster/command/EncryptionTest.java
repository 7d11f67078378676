package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Timeline;
import io.j8s.store.Key;
import io.j8s.store.LocalStore;
import io.j8s.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `--encryption-provider-config`: what lies in the store, and what is read again.
class EncryptionTest {
    private static final String SECRETS = "/api/v1/namespaces/default/secrets";
    private static final String KEY = Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII));

    @TempDir
    Path directory = Path.of("");

    private static String providers(String... kinds) {
        StringBuilder text = new StringBuilder("apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\nresources:\n- resources: [secrets, '*.example.dev']\n  providers:\n");
        for (String kind : kinds) {
            text.append(kind.equals("identity") ? "  - identity: {}\n" : "  - " + kind + ": {keys: [{name: key1, secret: " + KEY + "}]}\n");
        }
        return text.toString();
    }

    private Path rules(String... kinds) throws IOException {
        return Files.writeString(directory.resolve("encryption.yaml"), providers(kinds));
    }

    private RunningApiServer start(Path rules) throws IOException {
        return RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"), "--encryption-provider-config=" + rules);
    }

    private String stored(String key) {
        try (Store store = LocalStore.open(directory.resolve("data"), Timeline.system())) {
            return new String(Objects.requireNonNull(store.snapshot().get(Key.of(key))).value(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void each_provider_seals_in_upstreams_form_and_rotation_seals_anew() throws Exception {
        String[] previous = {"identity"};
        for (String kind : new String[] {"aescbc", "aesgcm", "secretbox", "identity"}) {
            try (RunningApiServer server = start(kind.equals(previous[0]) ? rules(kind) : rules(kind, previous[0]))) {
                int made = server.post(SECRETS, "{\"metadata\":{\"name\":\"kept\"},\"stringData\":{\"word\":\"hush-hush\"}}").status();
                assertThat(made).isIn(201, 409);
                RunningApiServer.Told kept = server.get(SECRETS + "/kept");
                assertThat(kept.at("data.word")).isEqualTo(Base64.getEncoder().encodeToString("hush-hush".getBytes(StandardCharsets.US_ASCII)));
                assertThat(server.send("PUT", SECRETS + "/kept", "application/json", kept.body()).status()).as("the same again is stored anew").isEqualTo(200);
            }
            String stored = stored("/registry/secrets/default/kept");
            if (kind.equals("identity")) {
                assertThat(stored).startsWith("k8s\0").contains("hush-hush");
            } else {
                assertThat(stored).startsWith("k8s:enc:" + kind + ":v1:key1:").doesNotContain("hush-hush");
            }
            previous[0] = kind;
        }
    }

    @Test
    void rules_name_resources_by_group_and_others_stay_readable() throws Exception {
        try (RunningApiServer server = start(rules("aesgcm"))) {
            server.post("/api/v1/namespaces/default/configmaps", "{\"metadata\":{\"name\":\"open\"},\"data\":{\"a\":\"plain-text\"}}");
            server.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
                    {"metadata":{"name":"widgets.example.dev"},"spec":{"group":"example.dev","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},"versions":[
                    {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}""");
            RunningApiServer.Told made = server.get("/apis/example.dev/v1");
            for (int i = 0; i < 200 && made.status() != 200; i++) {
                Timeline.system().sleep(java.time.Duration.ofMillis(50));
                made = server.get("/apis/example.dev/v1");
            }
            assertThat(server.post("/apis/example.dev/v1/namespaces/default/widgets",
                    "{\"apiVersion\":\"example.dev/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"one\"},\"word\":\"hush-hush\"}").status()).isEqualTo(201);
        }
        assertThat(stored("/registry/configmaps/default/open")).contains("plain-text");
        assertThat(stored("/registry/example.dev/widgets/default/one")).startsWith("k8s:enc:aesgcm:v1:key1:").doesNotContain("hush-hush");
    }

    @Test
    void faults_in_the_file_are_named_without_quoting_secrets() throws Exception {
        Path file = directory.resolve("wrong.yaml");
        Files.writeString(file, providers("aescbc").replace(KEY, "c2hvcnQtc2VjcmV0"));
        assertThatThrownBy(() -> start(file)).hasMessageContaining("resources[0].providers[0].aescbc.keys[0].secret").hasMessageContaining("expected one of [16, 24, 32]")
                .hasMessageNotContaining("c2hvcnQtc2VjcmV0");
        Files.writeString(file, providers("identity").replace("identity: {}", "kms: {name: a, endpoint: 'unix:///tmp/none'}"));
        assertThatThrownBy(() -> start(file)).hasMessageContaining("KMS v1 is deprecated");
        Files.writeString(file, providers("identity").replace("identity", "rot13"));
        assertThatThrownBy(() -> start(file)).hasMessageContaining("rot13: unknown field");
    }
}
