package io.j8s.it.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.it.host.Programs;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launchers of `bin/envtest`, started and asked as controller-runtime's envtest does.
class EnvtestLaunchersTest {
    private static final Path ASSETS = Path.of(System.getProperty("j8s.root"), "bin", "envtest");
    private static final int TRIES = 600;

    private final Path directory;
    private final PkiFolder pki;
    private final Credential authority;
    private final String etcdUrl = "http://127.0.0.1:" + Programs.freePort();
    private final int port = Programs.freePort();
    private final List<Process> processes = new ArrayList<>();
    private final EventLoops loops = EventLoops.forThisMachine();

    EnvtestLaunchersTest(@TempDir Path directory) {
        this.directory = directory;
        this.pki = PkiFolder.open(directory.resolve("suite"));
        this.authority = pki.authority("ca", "environment", Timeline.system().now());
    }

    @AfterEach
    void end() {
        processes.forEach(process -> {
            process.destroy();
            process.onExit().join();
        });
        loops.close();
    }

    @Test
    void aSuiteStartsThePairUsesItAndFindsItsObjectsAfterARestart() throws Exception {
        // The suite's own certificates lie in --cert-dir, as envtest puts them there.
        Path certificates = directory.resolve("certificates");
        PkiFolder.open(certificates).leaf("apiserver", authority, CertificateOrder.server("localhost", Set.of("localhost", "127.0.0.1")), Timeline.system().now());
        PkiFolder.open(certificates).leaf("sa-signer", authority, CertificateOrder.client("sa-signer"), Timeline.system().now());
        Credential admin = pki.leaf("admin", authority, CertificateOrder.client("admin").in("system:masters"), Timeline.system().now());

        startEtcd();
        Process server = startApiServer(certificates);
        try (HttpClient client = new HttpClient(loops, ClientConfig.of(ClientTls.trusting(List.of(authority.certificate())).as(admin::identity)), Timeline.system())) {
            assertThat(post(client, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
                    {"metadata":{"name":"widgets.example.dev"},"spec":{"group":"example.dev","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},"versions":[
                    {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}""")).isEqualTo(201);
            awaitOk(client, "/apis/example.dev/v1");
            assertThat(post(client, "/apis/example.dev/v1/namespaces/default/widgets",
                    "{\"apiVersion\":\"example.dev/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"one\"},\"spec\":{\"size\":3}}")).isEqualTo(201);
            server.destroy();
            server.onExit().join();
            startApiServer(certificates);
            awaitOk(client, "/healthz");
            awaitOk(client, "/apis/example.dev/v1/namespaces/default/widgets/one");
        }
    }

    private void startEtcd() throws Exception {
        processes.add(Programs.start(Map.of("J8S_NO_TRAINING", "1"), List.of(ASSETS.resolve("etcd").toString(), "--advertise-client-urls=" + etcdUrl, "--data-dir=" + directory.resolve("etcd"),
                "--listen-client-urls=" + etcdUrl, "--listen-peer-urls=http://127.0.0.1:" + Programs.freePort(), "--unsafe-no-fsync=true")));
        try (HttpClient client = new HttpClient(loops, ClientConfig.DEFAULT.overHttp1(), Timeline.system())) {
            await(client, URI.create(etcdUrl + "/health"));
        }
    }

    private Process startApiServer(Path certificates) throws Exception {
        Process process = Programs.start(Map.of("J8S_NO_TRAINING", "1"), List.of(ASSETS.resolve("kube-apiserver").toString(), "--allow-privileged=true", "--authorization-mode=RBAC",
                "--bind-address=127.0.0.1", "--cert-dir=" + certificates, "--client-ca-file=" + pki.certificateFile("ca"), "--disable-admission-plugins=ServiceAccount",
                "--etcd-servers=" + etcdUrl, "--secure-port=" + port, "--service-account-issuer=https://127.0.0.1:" + port + "/",
                "--service-account-key-file=" + certificates.resolve("sa-signer.crt"), "--service-account-signing-key-file=" + certificates.resolve("sa-signer.key"),
                "--service-cluster-ip-range=10.0.0.0/24"));
        processes.add(process);
        try (HttpClient client = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE), Timeline.system())) {
            await(client, URI.create("https://127.0.0.1:" + port + "/healthz"));
        }
        return process;
    }

    private int post(HttpClient client, String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.of("POST", URI.create("https://127.0.0.1:" + port + path)).withHeader("content-type", "application/json");
        try (HttpResponse response = client.send(request.withBody(json.getBytes(StandardCharsets.UTF_8)))) {
            return response.status();
        }
    }

    private void awaitOk(HttpClient client, String path) throws InterruptedException {
        await(client, URI.create("https://127.0.0.1:" + port + path));
    }

    private static void await(HttpClient client, URI uri) throws InterruptedException {
        String last = "nothing";
        for (int i = 0; i < TRIES; i++) {
            try (HttpResponse response = client.send(HttpRequest.get(uri))) {
                if (response.status() == 200) {
                    return;
                }
                last = "status " + response.status();
            } catch (IOException e) {
                last = e.toString();
            }
            Timeline.system().sleep(Duration.ofMillis(100));
        }
        throw new AssertionError(uri + " does not become well: " + last);
    }
}
