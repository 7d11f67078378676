package io.j8s.client.kubeconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.client.kubeconfig.Kubeconfig.Cluster;
import io.j8s.client.kubeconfig.Kubeconfig.Context;
import io.j8s.client.kubeconfig.Kubeconfig.User;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeconfigTest {

    private static final String FIRST = """
            apiVersion: v1
            kind: Config
            current-context: one
            clusters:
            - name: c1
              cluster: {server: "https://first:6443", insecure-skip-tls-verify: true, extensions: [{name: x, extension: {a: 1}}]}
            contexts:
            - name: one
              context: {cluster: c1, user: red, namespace: apps}
            users:
            - name: red
              user: {token: from-first}
            """;

    private static final String SECOND = """
            current-context: two
            clusters:
            - name: c1
              cluster: {server: "https://shadowed"}
            - name: c2
              cluster: {server: "https://second"}
            users:
            - name: red
              user: {username: shadowed, password: x}
            - name: blue
              user: {tokenFile: secret/token, as: jane, as-groups: [g]}
            contexts:
            - name: two
              context: {cluster: c2, user: blue}
            """;

    private final Path directory;

    KubeconfigTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private KubeconfigFiles list(Path... paths) {
        return KubeconfigFiles.find("", Map.of("KUBECONFIG", String.join(":", java.util.Arrays.stream(paths).map(Path::toString).toList())), directory, Timeline.system());
    }

    @Test
    void theFirstFileToHoldAnEntryWins() throws IOException {
        Kubeconfig config = list(directory.resolve("missing"), file("a", FIRST), file("b", SECOND)).load();
        assertThat(config.currentContext()).isEqualTo("one");
        assertThat(config.clusters()).containsOnlyKeys("c1", "c2");
        assertThat(config.clusters().get("c1")).isEqualTo(new Cluster("https://first:6443", "", true, "", "", ""));
        assertThat(config.users().get("red")).extracting(User::token, User::username).containsExactly("from-first", "");
        assertThat(config.users().get("blue")).extracting(User::tokenFile).isEqualTo(directory.resolve("secret/token").toString());
        assertThat(config.origins().get("contexts/two")).isEqualTo(directory.resolve("b"));
    }

    @Test
    void anExplicitFileIsTheOnlyOneAndMustExist() throws IOException {
        Map<String, String> environment = Map.of("KUBECONFIG", file("a", FIRST).toString());
        assertThat(KubeconfigFiles.find(file("b", SECOND).toString(), environment, directory, Timeline.system()).load().currentContext()).isEqualTo("two");
        KubeconfigFiles missing = KubeconfigFiles.find(directory.resolve("none").toString(), environment, directory, Timeline.system());
        assertThatThrownBy(missing::load).isInstanceOf(KubeconfigException.class).hasMessageContaining("none");
        assertThat(KubeconfigFiles.find("", Map.of(), directory, Timeline.system()).load()).isEqualTo(Kubeconfig.EMPTY);
    }

    @Test
    void aMalformedFileIsReportedWithItsName() throws IOException {
        KubeconfigFiles files = list(file("bad", "clusters: [\n"));
        assertThatThrownBy(files::load).isInstanceOf(KubeconfigException.class).hasMessageContaining("bad").hasMessageContaining("malformed");
    }

    @Test
    void changesGoToTheFileThatHoldsTheEntryAndKeepTheRest() throws IOException {
        KubeconfigFiles files = list(directory.resolve("missing"), file("a", FIRST), file("b", SECOND));
        files.setUser("blue", User.ofToken("new"));
        files.setCluster("c1", Cluster.of("https://moved", "QQ=="));
        files.setContext("three", new Context("c2", "blue", ""));
        files.setCurrentContext("three");
        assertThat(Files.readString(directory.resolve("b"))).contains("token: new").doesNotContain("tokenFile").doesNotContain("three");
        assertThat(Files.readString(directory.resolve("a"))).contains("https://moved", "extensions", "name: three", "current-context: three").doesNotContain("insecure");
        assertThat(directory.resolve("missing")).doesNotExist();
        Kubeconfig config = files.load();
        assertThat(config.context("three")).isEqualTo(new Context("c2", "blue", ""));
        try (var left = Files.list(directory)) {
            assertThat(left.map(each -> String.valueOf(each.getFileName()))).containsExactlyInAnyOrder("a", "b");
        }
    }

    @Test
    void aNewFileIsMadeForItsOwnerOnly() throws IOException {
        KubeconfigFiles files = list(directory.resolve("x/first"), directory.resolve("y/last"));
        files.setCluster("c", Cluster.of("https://c", ""));
        assertThat(directory.resolve("x")).doesNotExist();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("y/last")))).isEqualTo("rw-------");
        assertThat(files.load().clusters()).containsOnlyKeys("c");
    }

    @Test
    void removalsSucceedWhenThereIsNothing() throws IOException {
        KubeconfigFiles files = list(file("a", FIRST), file("b", SECOND));
        files.removeContext("one");
        files.removeContext("one");
        files.removeCluster("c1");
        files.removeUser("nobody");
        Kubeconfig config = files.load();
        assertThat(config.currentContext()).isEqualTo("two");
        assertThat(config.clusters()).containsOnlyKeys("c2");
    }

    @Test
    void aWriterWaitsForTheLockAndSaysWhoseItIsWhenItStays() throws IOException {
        KubeconfigFiles files = list(file("a", FIRST));
        Path lock = Files.createFile(directory.resolve("a.lock"));
        assertThatThrownBy(() -> files.setCurrentContext("x")).isInstanceOf(KubeconfigException.class).hasMessageContaining("a.lock");
        assertThat(lock).exists();
        Files.delete(lock);
        files.setCurrentContext("x");
        assertThat(lock).doesNotExist();
    }

    @Test
    void aContextBecomesAnEndpoint() throws IOException {
        Files.createDirectories(directory.resolve("secret"));
        file("secret/token", "t0k\n");
        Kubeconfig config = list(file("a", FIRST), file("b", SECOND)).load();
        ClusterAccess one = ClusterAccess.of(config, "", Map.of(), Timeline.system());
        assertThat(one.namespace()).isEqualTo("apps");
        assertThat(one.endpoint().server()).isEqualTo(URI.create("https://first:6443"));
        assertThat(one.endpoint().tls().insecure()).isTrue();
        assertThat(one.endpoint().credentials().authorization()).isEqualTo("Bearer from-first");
        ClusterAccess two = ClusterAccess.of(config, "two", Map.of(), Timeline.system());
        assertThat(two.namespace()).isEqualTo("default");
        assertThat(two.endpoint().credentials().authorization()).isEqualTo("Bearer t0k");
        assertThat(two.endpoint().impersonate().user()).isEqualTo("jane");
        assertThatThrownBy(() -> ClusterAccess.of(config, "four", Map.of(), Timeline.system())).isInstanceOf(KubeconfigException.class).hasMessageContaining("\"four\"").hasMessageContaining("one");
    }

    @Test
    void whatIsMissingOrUnsupportedIsNamed() throws IOException {
        String broken = """
                contexts:
                - {name: nocluster, context: {cluster: gone, user: ""}}
                - {name: certonly, context: {cluster: c, user: certonly}}
                - {name: old, context: {cluster: c, user: old}}
                - {name: badca, context: {cluster: badca, user: ""}}
                clusters:
                - {name: c, cluster: {server: "https://c"}}
                - {name: badca, cluster: {server: "https://c", certificate-authority-data: "!!"}}
                users:
                - {name: certonly, user: {client-certificate-data: QQ==}}
                - {name: old, user: {auth-provider: {name: gcp}}}
                """;
        Kubeconfig config = list(file("broken", broken)).load();
        Map<String, String> expected = Map.of("nocluster", "gone", "certonly", "no client key", "old", "gcp", "badca", "certificate-authority-data");
        expected.forEach((context, part) -> assertThatThrownBy(() -> ClusterAccess.of(config, context, Map.of(), Timeline.system()))
                .isInstanceOf(KubeconfigException.class).hasMessageContaining(part));
    }

    @Test
    void aPodsOwnCredentialsAreFound() throws IOException {
        assertThatThrownBy(() -> ClusterAccess.inCluster(Map.of(), directory, Timeline.system())).isInstanceOf(KubeconfigException.class).hasMessageContaining("not in a pod");
        Path account = Files.createDirectories(directory.resolve("var/run/secrets/kubernetes.io/serviceaccount"));
        Files.writeString(account.resolve("token"), "pod-token");
        Files.writeString(account.resolve("namespace"), "kube-system\n");
        Files.writeString(account.resolve("ca.crt"), "not a certificate");
        Map<String, String> environment = Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443");
        assertThatThrownBy(() -> ClusterAccess.inCluster(environment, directory, Timeline.system())).isInstanceOf(KubeconfigException.class).hasMessageContaining("CERTIFICATE");
    }

    @Test
    void aPluginIsRunOncePerTokenAndToldAboutTheCluster() throws IOException {
        Path plugin = file("plugin.sh", """
                #!/bin/sh
                echo "$KUBERNETES_EXEC_INFO" > "$OUT/info"
                echo run >> "$OUT/runs"
                echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'$1'","expirationTimestamp":"2999-01-01T00:00:00Z"}}'
                """);
        Files.setPosixFilePermissions(plugin, PosixFilePermissions.fromString("rwx------"));
        String text = """
                current-context: p
                contexts: [{name: p, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "https://c:1"}}]
                users:
                - name: u
                  user:
                    exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, args: [abc], provideClusterInfo: true, interactiveMode: Never, env: [{name: OUT, value: "%s"}]}
                """.formatted(directory);
        Map<String, String> environment = new HashMap<>(System.getenv());
        ClusterAccess access = ClusterAccess.of(list(file("exec", text)).load(), "", environment, Timeline.system());
        assertThat(access.endpoint().credentials().authorization()).isEqualTo("Bearer abc");
        assertThat(access.endpoint().credentials().authorization()).isEqualTo("Bearer abc");
        assertThat(Files.readAllLines(directory.resolve("runs"))).hasSize(1);
        assertThat(Files.readString(directory.resolve("info"))).contains("\"server\":\"https://c:1\"", "\"interactive\":false", "\"kind\":\"ExecCredential\"");
        assertThat(access.endpoint().credentials().refused()).isTrue();
        assertThat(access.endpoint().credentials().authorization()).isEqualTo("Bearer abc");
        assertThat(Files.readAllLines(directory.resolve("runs"))).hasSize(2);
    }

    @Test
    void aPluginThatFailsIsNamedWithItsHint() throws IOException {
        String text = """
                current-context: p
                contexts: [{name: p, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "https://c:1"}}]
                users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin-anywhere, installHint: get it there}}}]
                """;
        ClusterAccess access = ClusterAccess.of(list(file("exec", text)).load(), "", Map.of(), Timeline.system());
        assertThatThrownBy(() -> access.endpoint().credentials().authorization()).isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-plugin-anywhere").hasMessageContaining("get it there");
    }
}
