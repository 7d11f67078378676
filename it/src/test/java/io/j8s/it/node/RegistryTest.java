package io.j8s.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.node.RealCluster.Room;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Images come from registries: with credentials, by mirrors, as pull policies say.
@ExtendWith(RealCluster.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryTest {
    private static final String REGISTRY = "127.0.0.1:5000";
    private static final String WAITING = "{.status.containerStatuses[0].state.waiting.reason}";
    private final RealCluster cluster;
    private Process registry;
    private Room room;

    RegistryTest(RealCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Path archive = BusyboxImage.write(folder);
        Path layout = Files.createDirectory(folder.resolve("layout"));
        assertThat(new ProcessBuilder("tar", "-xf", archive.toString(), "-C", layout.toString()).start().waitFor()).isZero();
        String classes = Path.of(TestRegistry.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        registry = cluster.host().start(Map.of(), System.getProperty("java.home") + "/bin/java", "-Xmx64m", "-cp", classes, TestRegistry.class.getName(), "5000", layout.toString());
        try (var lines = new BufferedReader(new InputStreamReader(registry.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("ready");
        }
        cluster.host().run("sh", "-c", """
                mkdir -p /etc/containerd && mount -t tmpfs tmpfs /etc/containerd && mkdir -p /etc/containerd/certs.d/registry.example
                printf 'server = "https://registry.example"\\n[host."http://%s"]\\n  capabilities = ["pull", "resolve"]\\n' > /etc/containerd/certs.d/registry.example/hosts.toml
                """.formatted(REGISTRY)).ok();
        room = cluster.room("registry");
        secret("good", TestRegistry.PASSWORD);
        secret("wrong", "guessed");
    }

    @AfterAll
    void stop() throws IOException {
        registry.descendants().forEach(ProcessHandle::destroy);
        registry.destroy();
        cluster.host().run("umount", "/etc/containerd");
    }

    @Test
    void imagesArePulledWithThePodsCredentialsByPasswordAndByToken() {
        pod("basic", REGISTRY + "/basic/app:1", "Always", "good");
        pod("bearer", REGISTRY + "/bearer/app:1", "Always", "good");
        room.ready("pod/basic");
        room.ready("pod/bearer");
        assertThat(room.ok("events", "--for=pod/basic")).contains("Pulling image \"" + REGISTRY + "/basic/app:1\"", "Successfully pulled image \"" + REGISTRY + "/basic/app:1\" in ", "Image size: ");
    }

    @Test
    void wrongOrMissingCredentialsAreSaidAndTriedAgainLater() {
        pod("guest", REGISTRY + "/basic/guest:1", "IfNotPresent", "wrong");
        pod("stranger", REGISTRY + "/bearer/stranger:1", "IfNotPresent", "");
        for (String name : new String[] {"guest", "stranger"}) {
            room.until("pod/" + name, WAITING, "ImagePullBackOff");
            assertThat(room.ok("get", "pod", name, "-o", "jsonpath={.status.containerStatuses[0].state.waiting.message}")).startsWith("Back-off pulling image \"" + REGISTRY + "/")
                    .contains(": ErrImagePull: ");
            assertThat(room.ok("events", "--for=pod/" + name)).contains("Error: ErrImagePull", "Error: ImagePullBackOff", "Failed to pull image \"" + REGISTRY + "/").containsAnyOf("401 Unauthorized", "authorization failed");
        }
    }

    @Test
    void aMirrorStandsForItsRegistry() {
        pod("mirrored", "registry.example/team/app:1", "IfNotPresent", "");
        room.ready("pod/mirrored");
        assertThat(room.ok("events", "--for=pod/mirrored")).contains("Successfully pulled image \"registry.example/team/app:1\"");
    }

    @Test
    void pullPoliciesAreKept() {
        pod("first", REGISTRY + "/open/app:1", "Always", "");
        room.ready("pod/first");
        pod("again", REGISTRY + "/open/app:1", "Always", "");
        pod("present", REGISTRY + "/open/app:1", "IfNotPresent", "");
        pod("never", REGISTRY + "/open/app:2", "Never", "");
        room.ready("pod/again");
        room.ready("pod/present");
        room.until("pod/never", WAITING, "ErrImageNeverPull");
        assertThat(room.ok("events", "--for=pod/again")).contains("Successfully pulled image");
        assertThat(room.ok("events", "--for=pod/present")).contains("already present on machine").doesNotContain("Pulling image");
        assertThat(room.ok("get", "pod", "never", "-o", "jsonpath={.status.containerStatuses[0].state.waiting.message}"))
                .isEqualTo("Container image \"" + REGISTRY + "/open/app:2\" is not present with pull policy of Never");
    }

    private void secret(String name, String password) {
        room.ok("create", "secret", "docker-registry", name, "--docker-server=" + REGISTRY, "--docker-username=" + TestRegistry.USER, "--docker-password=" + password);
    }

    private void pod(String name, String image, String policy, String secret) {
        room.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  imagePullSecrets: [%s]
                  containers: [{name: main, image: "%s", imagePullPolicy: %s, command: [sleep, "1000"]}]
                """.formatted(name, secret.isEmpty() ? "" : "{name: " + secret + "}", image, policy));
    }
}
