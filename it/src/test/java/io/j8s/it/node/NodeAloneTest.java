package io.j8s.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.host.Kubectl;
import io.j8s.it.host.Programs;
import io.j8s.it.host.Result;
import io.j8s.it.host.TestHost;
import io.j8s.it.launcher.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// `kubelet` and `kube-proxy` as programs of their own, beside a control plane without nodes, that join it as upstream's do.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeAloneTest {
    private static final Path PROGRAM = Path.of(System.getProperty("j8s.root"), "bin", "j8s");
    private final List<Process> started = new ArrayList<>();
    private TestHost host;
    private Launcher control;
    private Path home;
    private Kubectl kubectl;

    @BeforeAll
    void start() throws IOException {
        home = Files.createTempDirectory(Path.of("/tmp"), "j8s-na-");
        host = TestHost.create();
        control = new Launcher(host.enter(), home, home.resolve("d"));
        control.ok("up", "--node=none");
        kubectl = new Kubectl(host.enter(), home.resolve("d/admin.conf"), home);
        for (String manifest : List.of(
                """
                {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "bootstrap-token-abcdef", "namespace": "kube-system"}, "type": "bootstrap.kubernetes.io/token",
                 "stringData": {"token-id": "abcdef", "token-secret": "0123456789abcdef", "usage-bootstrap-authentication": "true", "auth-extra-groups": "system:bootstrappers:nodes"}}
                """,
                binding("nodes-ask", "system:node-bootstrapper", "system:bootstrappers:nodes"),
                binding("nodes-get", "system:certificates.k8s.io:certificatesigningrequests:nodeclient", "system:bootstrappers:nodes"),
                binding("nodes-renew", "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient", "system:nodes"))) {
            kubectl.withInput(manifest, "apply", "-f", "-").ok();
        }
    }

    @AfterAll
    void stop() throws InterruptedException {
        for (Process process : started.reversed()) {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            process.waitFor(Duration.ofSeconds(10));
        }
        control.run("delete");
        host.close();
        Programs.run(Duration.ofSeconds(60), Map.of(), "", List.of("rm", "-rf", home.toString()));
    }

    @Test
    void aNodeJoinsByBootstrapTokenRunsPodsAndAnswersForServices() throws Exception {
        Path bootstrap = home.resolve("bootstrap.conf");
        String admin = Files.readString(home.resolve("d/admin.conf"));
        Files.writeString(bootstrap, admin.replaceAll("(?m)^\\s+client-(certificate|key)-data:.*\n", "").stripTrailing() + "\n    token: abcdef.0123456789abcdef\n");
        Path authority = home.resolve("d/pki/ca.crt");
        Files.writeString(home.resolve("kubelet.yaml"), """
                apiVersion: kubelet.config.k8s.io/v1beta1
                kind: KubeletConfiguration
                podLogsDir: %1$s/logs/pods
                clusterDNS: [10.96.0.10]
                clusterDomain: cluster.local
                rotateCertificates: true
                serverTLSBootstrap: true
                authentication: {x509: {clientCAFile: %2$s}}
                evictionHard: {nodefs.available: 1%%, imagefs.available: 1%%}
                maxPods: 20
                registerWithTaints: [{key: fresh, effect: PreferNoSchedule}]
                """.formatted(home, authority));
        begin("kubelet", "kubelet", "--config=" + home.resolve("kubelet.yaml"), "--kubeconfig=" + home.resolve("n/kubelet.conf"), "--bootstrap-kubeconfig=" + bootstrap,
                "--root-dir=" + home.resolve("n"), "--hostname-override=alone", "--node-labels=disk=ssd", "--fail-swap-on=false");
        Files.writeString(home.resolve("proxy.yaml"), """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                clientConnection: {kubeconfig: %s/d/admin.conf}
                mode: nftables
                clusterCIDR: 10.244.0.0/16
                hostnameOverride: alone
                healthzBindAddress: 127.0.0.1:10256
                """.formatted(home));
        begin("kube-proxy", "kube-proxy", "--config=" + home.resolve("proxy.yaml"));
        awaited("create", "node/alone");
        awaited("condition=Ready", "node/alone");
        assertThat(kubectl.ok("get", "node", "alone", "-o", "jsonpath={.metadata.labels.disk} {.status.capacity.pods} {.spec.taints[0].key}")).isEqualTo("ssd 20 fresh");
        assertThat(kubectl.ok("get", "csr", "--field-selector=spec.signerName=kubernetes.io/kube-apiserver-client-kubelet", "-o",
                "jsonpath={.items[0].spec.username} {.items[0].status.conditions[0].type}")).isEqualTo("system:bootstrap:abcdef Approved");
        assertThat(Files.readString(home.resolve("n/kubelet.conf"))).contains("kubelet-client-current.pem");

        String request = kubectl.ok("get", "csr", "--field-selector=spec.signerName=kubernetes.io/kubelet-serving", "-o", "jsonpath={.items[0].metadata.name}");
        kubectl.ok("certificate", "approve", request);
        host.run("curl", "-sS", "--retry", "30", "--retry-delay", "1", "--retry-all-errors", "--cacert", authority.toString(), "https://" + TestHost.ADDRESS + ":10250/healthz").ok();

        host.run("ctr", "--address", home.resolve("n/containerd/state/containerd.sock").toString(), "--namespace", "k8s.io", "images", "import", BusyboxImage.write(home).toString()).ok();
        kubectl.ok("create", "deployment", "web", "--image=" + BusyboxImage.NAME);
        kubectl.ok("expose", "deployment", "web", "--port=80", "--target-port=8080", "--type=NodePort");
        kubectl.ok("rollout", "status", "deployment/web", "--timeout=50s");
        assertThat(kubectl.ok("exec", "deploy/web", "--", "cat", "/etc/resolv.conf")).contains("nameserver 10.96.0.10");
        String port = kubectl.ok("get", "service", "web", "-o", "jsonpath={.spec.ports[0].nodePort}");
        String address = kubectl.ok("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
        assertThat(fetched("http://" + address + "/")).isEqualTo("hello from the web\n");
        assertThat(fetched("http://" + TestHost.ADDRESS + ":" + port + "/")).isEqualTo("hello from the web\n");
        assertThat(host.run("curl", "-sS", "--max-time", "3", "http://127.0.0.1:" + port + "/").status()).as("node ports answer on the node's own addresses only").isNotZero();
        assertThat(kubectl.ok("logs", "deploy/web")).contains("response:200");

        assertThat(fetched("http://127.0.0.1:10248/healthz")).isEqualTo("ok");
        assertThat(fetched("http://127.0.0.1:10256/healthz")).contains("\"nodeEligible\":true", "\"healthy\":true");
        assertThat(fetched("http://127.0.0.1:10249/proxyMode")).isEqualTo("nftables");
        assertThat(fetched("http://127.0.0.1:10249/metrics")).contains("kubeproxy_sync_proxy_rules_duration_seconds_count");
        assertThat(kubectl.ok("get", "--raw", "/api/v1/nodes/alone/proxy/configz")).contains("\"maxPods\":20", "\"clusterDomain\":\"cluster.local\"");
        kubectl.ok("delete", "deployment", "web", "--wait=true", "--cascade=foreground", "--timeout=50s");
    }

    @Test
    void whatCannotBeUnderstoodIsSaidWithItsPlace() throws IOException {
        Result flag = run("kubelet", "--hostname-overide=x");
        assertThat(flag.status()).isEqualTo(2);
        assertThat(flag.err()).contains("Unknown option: '--hostname-overide=x'", "--hostname-override");
        Path file = home.resolve("wrong.yaml");
        Files.writeString(file, "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nmaxpods: 3\n");
        assertThat(run("kubelet", "--config=" + file).err()).contains(file.toString(), "unknown field \"maxpods\"", "maxPods");
        Files.writeString(file, "kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nsyncFrequency: 1 minute\n");
        assertThat(run("kubelet", "--config=" + file).err()).contains("syncFrequency", "is not a duration");
        assertThat(run("kubelet", "--eviction-hard=memory<1Gi", "--kubeconfig=" + home.resolve("d/admin.conf"), "--root-dir=" + home.resolve("w"), "--fail-swap-on=false").err())
                .contains("unsupported eviction signal memory");
        Result mode = run("kube-proxy", "--proxy-mode=userspace");
        assertThat(mode.status()).isEqualTo(2);
        assertThat(mode.err()).contains("--proxy-mode", "nftables");
    }

    private static String binding(String name, String role, String group) {
        return """
                {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "%s"}, "roleRef": {"apiGroup": "rbac.authorization.k8s.io",
                 "kind": "ClusterRole", "name": "%s"}, "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "%s"}]}
                """.formatted(name, role, group);
    }

    /// In the background, with its log in the home folder.
    private void begin(String name, String... arguments) throws IOException {
        List<String> command = command(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(home.resolve(name + ".log").toFile());
        builder.environment().putAll(Map.of("HOME", home.toString(), "J8S_NO_TRAINING", "1"));
        started.add(builder.start());
    }

    private Result run(String... arguments) {
        return Programs.run(Duration.ofSeconds(60), Map.of("HOME", home.toString(), "J8S_NO_TRAINING", "1"), "", command(arguments));
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(host.enter());
        command.add(PROGRAM.toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private void awaited(String what, String object) throws IOException {
        Result result = kubectl.run("wait", "--for=" + what, object, "--timeout=55s");
        assertThat(result.status()).as(() -> result + "\n" + logs()).isZero();
    }

    private String logs() {
        try {
            return Files.readString(home.resolve("kubelet.log")) + Files.readString(home.resolve("kube-proxy.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// The rules of the proxy may be a moment behind the pod: a refused connection is tried again.
    private String fetched(String url) {
        return host.run("curl", "-sS", "--retry", "20", "--retry-delay", "1", "--retry-all-errors", "--max-time", "30", url).ok();
    }
}
