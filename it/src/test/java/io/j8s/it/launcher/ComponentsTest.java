package io.j8s.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.host.Programs;
import io.j8s.it.host.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The components as commands of their own, with the flags that upstream's have.
class ComponentsTest {
    private static final String PROGRAM = Path.of(System.getProperty("j8s.root"), "bin", "j8s").toString();
    private static final Map<String, String> ENVIRONMENT = Map.of("KUBECONFIG", "", "J8S_NO_BUILD", "1");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private final Path folder;
    private final Path kubeconfig;
    private final List<Process> running = new ArrayList<>();

    ComponentsTest(@TempDir Path folder) {
        this.folder = folder;
        this.kubeconfig = folder.resolve("kubeconfig");
    }

    @BeforeEach
    void startApiServer() throws IOException {
        Files.writeString(folder.resolve("tokens.csv"), "admintoken,admin,admin,system:masters\nwatcher,watcher,watcher,\n");
        int port = Programs.freePort();
        start("kube-apiserver", "--data-dir=" + folder.resolve("data"), "--bind-address=127.0.0.1", "--secure-port=" + port, "--authorization-mode=Node,RBAC",
                "--token-auth-file=" + folder.resolve("tokens.csv"));
        Files.writeString(kubeconfig, """
                apiVersion: v1
                kind: Config
                current-context: it
                clusters: [{name: it, cluster: {server: "https://127.0.0.1:%d", insecure-skip-tls-verify: true}}]
                users: [{name: it, user: {token: admintoken}}]
                contexts: [{name: it, context: {cluster: it, user: it}}]
                """.formatted(port));
        await("curl -sk -o /dev/null --fail https://127.0.0.1:" + port + "/readyz");
    }

    @AfterEach
    void stop() throws InterruptedException {
        running.reversed().forEach(Process::destroy);
        for (Process process : running) {
            boolean ended = process.waitFor(Duration.ofSeconds(20));
            process.destroyForcibly();
            assertThat(ended).as("it ends when it is asked to").isTrue();
            assertThat(process.exitValue()).as("the exit status after SIGTERM").isZero();
        }
    }

    private void start(String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of(PROGRAM));
        all.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(folder.resolve(command[0] + ".log").toFile());
        builder.environment().remove("KUBECONFIG");
        builder.environment().put("J8S_NO_BUILD", "1");
        running.add(builder.start());
    }

    private static void await(String condition) {
        assertThat(bash("until " + condition + "; do sleep 0.1; done").status()).isZero();
    }

    private static Result bash(String script) {
        return Programs.run(PATIENCE, Map.of(), "", List.of("bash", "-c", script));
    }

    private String kubectl(String arguments) {
        return "kubectl --kubeconfig=" + kubeconfig + " " + arguments;
    }

    @Test
    void controllersWorkAsTheirServiceAccountsAndShowTheirMetricsOnlyToThoseWhoMay() throws IOException {
        int port = Programs.freePort();
        start("kube-controller-manager", "--kubeconfig=" + kubeconfig, "--use-service-account-credentials", "--controllers=*,-ttl-controller", "--concurrent-deployment-syncs=2",
                "--service-account-private-key-file=" + folder.resolve("data/pki/sa.key"), "--root-ca-file=" + folder.resolve("data/pki/ca.crt"),
                "--cluster-signing-cert-file=" + folder.resolve("data/pki/ca.crt"), "--cluster-signing-key-file=" + folder.resolve("data/pki/ca.key"),
                "--allocate-node-cidrs", "--cluster-cidr=10.244.0.0/16", "--leader-elect-resource-name=mine", "--kube-api-qps=50", "--profiling=false",
                "--bind-address=127.0.0.1", "--secure-port=" + port, "--authentication-kubeconfig=" + kubeconfig, "--authorization-kubeconfig=" + kubeconfig);
        await("[ \"$(" + kubectl("get lease -n kube-system mine -o name") + ")\" ]");
        bash(kubectl("create deployment web --image=registry.example/web:1")).ok();
        await(kubectl("get pods -l app=web -o jsonpath={.items[0].metadata.name}"));
        await(kubectl("get configmap kube-root-ca.crt"));
        assertThat(bash(kubectl("get serviceaccounts -n kube-system -o name")).ok()).contains("serviceaccount/deployment-controller", "serviceaccount/replicaset-controller");
        assertThat(Files.readString(folder.resolve("kube-controller-manager.log"))).contains("--profiling has no effect").doesNotContain("forbidden");

        String address = "https://127.0.0.1:" + port;
        assertThat(bash("curl -sk " + address + "/healthz").ok()).isEqualTo("ok");
        assertThat(bash("curl -sk " + address + "/metrics").ok()).contains("forbidden: User \\\"system:anonymous\\\" cannot get path \\\"/metrics\\\"");
        assertThat(bash("curl -sk -H 'Authorization: Bearer wrong' " + address + "/metrics").ok()).contains("\"code\":401");
        assertThat(bash("curl -sk -H 'Authorization: Bearer watcher' " + address + "/metrics").ok()).contains("\"code\":403");
        assertThat(bash("curl -sk -H 'Authorization: Bearer admintoken' " + address + "/metrics").ok()).contains("workqueue_adds_total{name=\"deployment\"}", "rest_client_requests_total{code=\"201\"", "running_managed_controllers{name=\"deployment-controller\"");
        String asked = "curl -sk -H 'Authorization: Bearer admintoken' " + address;
        assertThat(bash(asked + "/healthz?verbose").ok()).startsWith("[+]leaderElection ok\n").contains("[+]deployment-controller ok\n").endsWith("healthz check passed\n");
        assertThat(bash(asked + "/flagz").ok()).startsWith("\nkube-controller-manager flagz\n").contains("\nkube-api-qps:50\n", "\nnode-monitor-period:5s\n", "\ncluster-cidr:10.244.0.0/16\n");
        assertThat(bash(asked + "/statusz").ok()).contains("kube-controller-manager statusz", "Binary version: 1.36.");
        assertThat(bash(asked + "/configz").ok()).startsWith("{\"kubecontrollermanager.config.k8s.io\":{").contains("\"AllocateNodeCIDRs\":true", "\"qps\":50", "\"ConcurrentResourceQuotaSyncs\":5");
    }

    @Test
    void wrongFlagsAreSaidWithWhatWouldBeRight() {
        assertWrong("Unknown option: '--cluster-cdir=10.0.0.0/8'", "--cluster-cidr", "kube-controller-manager", "--cluster-cdir=10.0.0.0/8");
        assertWrong("--controllers: \"nonsense\" is not a controller", "deployment-controller", "kube-controller-manager", "--controllers=nonsense");
        assertWrong("/missing: cannot be read", "--root-ca-file", "kube-controller-manager", "--root-ca-file=/missing");
        assertWrong("--cluster-signing-cert-file and --cluster-signing-key-file go together", "give both", "kube-controller-manager", "--cluster-signing-cert-file=/x");
        assertWrong("--leader-elect-resource-lock: 'endpoints' is not supported", "leases", "kube-scheduler", "--leader-elect-resource-lock=endpoints");
        assertThat(run("kube-scheduler", "--version").ok()).matches("Kubernetes v1\\.36\\.\\d+\n");
    }

    private void assertWrong(String cause, String remedy, String... command) {
        Result wrong = run(command);
        assertThat(wrong.status()).isNotZero();
        assertThat(wrong.err()).contains(cause, remedy).doesNotContain("\tat ");
    }

    private Result run(String... command) {
        List<String> all = new ArrayList<>(List.of(PROGRAM));
        all.addAll(List.of(command));
        if (!command[1].equals("--version")) {
            all.add("--kubeconfig=" + kubeconfig);
        }
        return Programs.run(PATIENCE, ENVIRONMENT, "", all);
    }
}
