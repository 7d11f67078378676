package io.j8s.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.host.Kubectl;
import io.j8s.it.host.Programs;
import io.j8s.it.host.Result;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LauncherTest {
    private final Path home;
    private final Path data;
    private final Launcher j8s;
    private final String port = "--secure-port=" + Programs.freePort();

    LauncherTest(@TempDir Path home) {
        this.home = home;
        this.data = home.resolve("data");
        this.j8s = new Launcher(List.of(), home, data);
    }

    @AfterEach
    void nothingIsLeft() {
        Result deleted = j8s.run("delete");
        assertThat(data).as("delete: %s", deleted).doesNotExist();
    }

    private Kubectl kubectl() {
        return new Kubectl(List.of(), home.resolve(".kube/config"), home);
    }

    @Test
    void upStartsAClusterThatKubectlFindsByItsContext() throws Exception {
        String said = j8s.ok("up", "--node=simulated", port);
        assertThat(said).contains("The cluster is ready after", "simulated").doesNotContain("\033");
        assertThat(kubectl().ok("config", "current-context")).isEqualTo("j8s\n");
        assertThat(kubectl().ok("wait", "--for=condition=Ready", "node", "--all", "--timeout=10s")).contains("condition met");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("admin.conf")))).isEqualTo("rw-------");
        assertThat(j8s.ok("status")).contains("running", "https://127.0.0.1:");
        assertThat(j8s.ok("up", "--node=simulated", port)).contains("runs already");
        assertThat(j8s.ok("logs", "--tail=5").lines()).hasSizeBetween(1, 5);
    }

    @Test
    void everythingIsStillThereAfterDownAndAfterKill() {
        j8s.ok("up", "--node=simulated", "--nodes=3", port);
        kubectl().ok("create", "configmap", "kept", "--from-literal=a=b");
        j8s.ok("down");
        assertThat(j8s.run("status").status()).isEqualTo(3);

        j8s.ok("up", "--node=simulated", port);
        assertThat(kubectl().ok("get", "configmap", "kept", "-o", "jsonpath={.data.a}")).isEqualTo("b");
        kubectl().ok("create", "configmap", "too", "--from-literal=a=c");
        long pid = Long.parseLong(j8s.ok("status").lines().findFirst().orElseThrow().replaceAll("\\D*(\\d+).*", "$1"));
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        ProcessHandle.of(pid).ifPresent(p -> p.onExit().join());

        j8s.ok("up", "--node=simulated", port);
        assertThat(kubectl().ok("get", "configmap", "kept", "too", "-o", "name").lines()).hasSize(2);
    }

    @Test
    void noComponentWantsMoreThanItMay() {
        j8s.ok("up", "--node=simulated", "--nodes=3", port);
        kubectl().ok("create", "deployment", "web", "--image=registry.example/web:1", "--replicas=3");
        kubectl().ok("rollout", "status", "deployment/web", "--timeout=30s");
        kubectl().ok("delete", "deployment", "web");
        kubectl().ok("wait", "--for=delete", "pod", "--all", "--timeout=60s");
        assertThat(kubectl().ok("get", "nodes", "-o", "name").lines()).hasSize(3);
        assertThat(j8s.ok("logs")).contains("Ready at").doesNotContain("forbidden");
    }

    @Test
    void flagsAreRememberedUntilTheyAreGivenAnew() throws Exception {
        j8s.ok("up", "--node=simulated", "--nodes=2", port);
        Result other = j8s.run("up", "--nodes=3");
        assertThat(other.status()).isEqualTo(37);
        assertThat(other.err()).contains("runs already", "with other flags: --node=simulated --nodes=2 " + port, "next: stop it with `j8s down`", "j8s up --nodes=3");
        assertThat(j8s.ok("up", "--nodes=2")).contains("runs already");
        j8s.ok("down");
        assertThat(j8s.run("status").out()).contains("stopped", "flags      --node=simulated --nodes=2 " + port);

        assertThat(j8s.ok("up", "--nodes=3")).contains("As at the last start: --node=simulated --nodes=3 " + port);
        assertThat(kubectl().ok("get", "nodes", "-o", "name").lines()).hasSize(3);
        assertThat(j8s.ok("status")).contains("flags      --node=simulated --nodes=3 " + port);
        j8s.ok("down");

        Files.writeString(data.resolve("flags"), "--nodes=many\n");
        Result broken = j8s.run("up");
        assertThat(broken.status()).isEqualTo(30);
        assertThat(broken.err()).contains(data.resolve("flags") + ": Invalid value for option '--nodes': 'many' is not an int", "next: ");
    }

    @Test
    void otherContextsOfTheUserStayAsTheyAre() throws Exception {
        Files.createDirectories(home.resolve(".kube"));
        Files.writeString(home.resolve(".kube/config"), """
                apiVersion: v1
                kind: Config
                current-context: mine
                contexts:
                - name: mine
                  context: {cluster: mine, user: me}
                clusters:
                - name: mine
                  cluster: {server: "https://192.0.2.9:6443"}
                users:
                - name: me
                  user: {token: abc}
                """);
        j8s.ok("up", "--node=simulated", port);
        assertThat(kubectl().ok("config", "get-contexts", "-o", "name").lines()).containsExactlyInAnyOrder("j8s", "mine");
        assertThat(kubectl().ok("config", "view", "--raw", "-o", "jsonpath={.users[?(@.name==\"me\")].user.token}")).isEqualTo("abc");
        j8s.ok("delete");
        assertThat(kubectl().ok("config", "get-contexts", "-o", "name")).isEqualTo("mine\n");
        assertThat(home.resolve(".kube/config.lock")).doesNotExist();
    }

    @Test
    void aPortInUseIsSaidWithWhoUsesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            Result refused = j8s.run("up", "--node=simulated", "--secure-port=" + taken.getLocalPort());
            assertThat(refused.status()).isEqualTo(33);
            assertThat(refused.err()).contains(":" + taken.getLocalPort() + ": Address already in use (held by process " + ProcessHandle.current().pid() + ", \"java\")", "next: ", "--secure-port");
        }
    }

    @Test
    void aDirectoryOfANewerVersionIsRefused() throws Exception {
        Files.createDirectories(data);
        Files.writeString(data.resolve("version"), "99\n");
        Result refused = j8s.run("up", "--node=simulated", port);
        assertThat(refused.status()).isEqualTo(32);
        assertThat(refused.err()).contains("was written by a newer j8s (format 99; this one knows up to 1)");
    }

    @Test
    void aDirectoryInUseIsRefused() throws Exception {
        j8s.ok("up", "--node=simulated", port);
        Result refused = j8s.run("server", "--node=simulated", "--secure-port=" + Programs.freePort());
        assertThat(refused.status()).isEqualTo(31);
        assertThat(refused.err()).contains(data + " is in use by process ");
    }

    @Test
    void wrongFlagsAreAnsweredWithTheNearest() {
        Result wrong = j8s.run("up", "--secure-prt=1");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("Unknown option: '--secure-prt=1'", "--secure-port");
        Result value = j8s.run("up", "--node=simulated", "--nodes=0");
        assertThat(value.status()).isEqualTo(2);
        assertThat(value.err()).contains("--nodes: there must be at least one simulated node, not 0", "next: ").doesNotContain("\tat ");
        Result range = j8s.run("up", "--node=simulated", "--cluster-cidr=10.0.0.0/99");
        assertThat(range.err()).contains("--cluster-cidr: '10.0.0.0/99' is not an address range such as 10.96.0.0/12: the prefix length 99 is out of range");
        Result command = j8s.run("versoin");
        assertThat(command.status()).isEqualTo(2);
        assertThat(command.err()).contains("version");
    }

    @Test
    void versionsAndCompletionArePrinted() {
        assertThat(j8s.ok("version")).startsWith("j8s v1.36.");
        assertThat(j8s.ok("completion", "bash")).contains("complete -F _complete_j8s");
    }
}
