package io.j8s.cluster.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.cluster.command.RunningApiServer.Told;
import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.http.ByteStream;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerTls;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Another server's API behind ours: a metrics API, as it would be installed.
class AggregationTest {
    private static final String METRICS = "/apis/metrics.k8s.io/v1beta1";
    private static final int TRIES = 300;

    private final Path directory;
    private final EventLoops loops = EventLoops.forThisMachine();
    private final BlockingQueue<Headers> asked = new LinkedBlockingQueue<>();
    private final PkiFolder pki;
    private final Credential authority;
    private final HttpServer extension;
    private final RunningApiServer server;

    AggregationTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.pki = PkiFolder.open(directory.resolve("pki"));
        Timeline timeline = Timeline.system();
        this.authority = pki.authority("extension-ca", "extension-ca", timeline.now());
        Credential serving = pki.leaf("extension", authority, CertificateOrder.server("metrics", Set.of("metrics.kube-system.svc")), timeline.now());
        pki.leaf("front-proxy", authority, CertificateOrder.client("front-proxy-client"), timeline.now());
        this.extension = HttpServer.start(loops, ServerConfig.https("127.0.0.1", 0, ServerTls.of(serving::identity)), timeline, this::answer);
        this.server = RunningApiServer.start(directory, "--data-dir=" + directory.resolve("data"), "--proxy-client-cert-file=" + pki.certificateFile("front-proxy"),
                "--proxy-client-key-file=" + pki.keyFile("front-proxy"));
    }

    @BeforeEach
    void register() throws Exception {
        assertThat(server.post("/api/v1/namespaces/kube-system/services", """
                {"metadata":{"name":"metrics"},"spec":{"type":"ExternalName","externalName":"localhost"}}""").status()).isEqualTo(201);
        String bundle = Base64.getEncoder().encodeToString(Files.readAllBytes(pki.certificateFile("extension-ca")));
        assertThat(server.post("/apis/apiregistration.k8s.io/v1/apiservices", """
                {"metadata":{"name":"v1beta1.metrics.k8s.io"},"spec":{"group":"metrics.k8s.io","version":"v1beta1","groupPriorityMinimum":100,"versionPriority":100,"caBundle":"%s",
                "service":{"name":"metrics","namespace":"kube-system","port":%d}}}""".formatted(bundle, extension.port())).status()).isEqualTo(201);
    }

    @AfterEach
    void end() {
        server.close();
        extension.close();
        loops.close();
    }

    private void answer(Exchange exchange) throws IOException {
        if (exchange.upgradable()) {
            try (ByteStream stream = exchange.upgrade(Headers.of("upgrade", "echo/1"))) {
                byte[] word = stream.input().readNBytes(5);
                stream.output().write(("you said " + new String(word, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
                stream.output().flush();
                return;
            }
        }
        if (exchange.path().equals(METRICS + "/elsewhere")) {
            exchange.answer(302, Headers.of("location", "https://elsewhere.example/"), new byte[0]);
            return;
        }
        String answer = switch (exchange.path()) {
            case METRICS -> """
                    {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"metrics.k8s.io/v1beta1","resources":[
                    {"name":"nodes","singularName":"","namespaced":false,"kind":"NodeMetrics","verbs":["get","list"]},
                    {"name":"pods","singularName":"","namespaced":true,"kind":"PodMetrics","verbs":["get","list"]}]}""";
            case METRICS + "/nodes" -> {
                asked.add(exchange.headers().with("certificate", exchange.peerCertificates().isEmpty() ? "none" : exchange.peerCertificates().getFirst().getSubjectX500Principal().getName()));
                yield "{\"kind\":\"NodeMetricsList\",\"apiVersion\":\"metrics.k8s.io/v1beta1\",\"metadata\":{},\"items\":[]}";
            }
            case METRICS + "/echo" -> new String(exchange.body().readAllBytes(), StandardCharsets.UTF_8) + "?" + exchange.query();
            default -> "";
        };
        exchange.answer(answer.isEmpty() ? 404 : 200, Headers.of("content-type", "application/json"), answer.getBytes(StandardCharsets.UTF_8));
    }

    private Told await(String path, Predicate<Told> condition) throws Exception {
        Told last = server.get(path);
        for (int i = 0; i < TRIES && !condition.test(last); i++) {
            Timeline.system().sleep(Duration.ofMillis(50));
            last = server.get(path);
        }
        assertThat(last).matches(condition);
        return last;
    }

    private Told available(String status) throws Exception {
        return await("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io", told -> told.body().contains("\"status\":\"" + status + "\""));
    }

    @Test
    void requests_are_passed_on_in_the_users_name_over_checked_tls() throws Exception {
        assertThat(available("True").body()).contains("\"reason\":\"Passed\"", "all checks passed");
        assertThat(server.get(METRICS + "/nodes").at("kind")).isEqualTo("NodeMetricsList");
        Headers seen = Objects.requireNonNull(asked.poll());
        assertThat(seen.get("x-remote-user")).isEqualTo("admin");
        assertThat(seen.all("x-remote-group")).containsExactly("system:masters", "system:authenticated");
        assertThat(seen.get("authorization")).as("the user's own credentials stay here").isNull();
        assertThat(seen.get("certificate")).contains("CN=front-proxy-client");
        assertThat(server.send("PUT", METRICS + "/echo?dryRun=All", "application/json", "{\"a\":1}").body()).isEqualTo("{\"a\":1}?dryRun=All");
        assertThat(server.get(METRICS + "/missing").status()).isEqualTo(404);
        Told redirected = server.get(METRICS + "/elsewhere");
        assertThat(redirected.status()).isEqualTo(502);
        assertThat(redirected.body()).isEqualTo("the backend attempted to redirect this request, which is not permitted");
    }

    @Test
    void discovery_tells_of_it_in_both_forms() throws Exception {
        available("True");
        assertThat(server.get("/apis").body()).contains("metrics.k8s.io/v1beta1");
        assertThat(server.get("/apis/metrics.k8s.io").at("preferredVersion.version")).isEqualTo("v1beta1");
        assertThat(server.get(METRICS).at("groupVersion")).isEqualTo("metrics.k8s.io/v1beta1");
        String aggregated = server.aggregatedDiscovery();
        assertThat(aggregated).contains("\"resource\":\"nodes\"", "\"kind\":\"NodeMetrics\"");
        assertThat(aggregated.indexOf("metrics.k8s.io")).as("a low priority comes last").isGreaterThan(aggregated.indexOf("flowcontrol.apiserver.k8s.io"));
    }

    @Test
    void when_it_is_gone_its_paths_answer_503_and_its_condition_says_why() throws Exception {
        available("True");
        assertThat(server.delete("/api/v1/namespaces/kube-system/services/metrics").status()).isEqualTo(200);
        assertThat(available("False").body()).contains("\"reason\":\"ServiceNotFound\"", "service/metrics in \\\"kube-system\\\" is not present");
        Told refused = server.get(METRICS + "/nodes");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.body()).isEqualTo("service unavailable\n");
        assertThat(server.aggregatedDiscovery()).contains("\"freshness\":\"Stale\"");
        assertThat(server.delete("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io").status()).isEqualTo(200);
        await(METRICS, told -> told.status() == 404);
    }

    @Test
    void a_certificate_that_the_bundle_does_not_cover_is_not_believed() throws Exception {
        available("True");
        Credential other = pki.authority("other-ca", "other-ca", Timeline.system().now());
        String bundle = Base64.getEncoder().encodeToString(other.certificatePem().getBytes(StandardCharsets.US_ASCII));
        assertThat(server.merge("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io", "{\"spec\":{\"caBundle\":\"" + bundle + "\"}}").status()).isEqualTo(200);
        assertThat(available("False").body()).contains("FailedDiscoveryCheck");
        assertThat(server.merge("/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io", "{\"spec\":{\"caBundle\":null,\"insecureSkipTLSVerify\":true}}").status()).isEqualTo(200);
        available("True");
    }

    @Test
    void upgraded_connections_go_through_both_ways() throws Exception {
        available("True");
        try (HttpClient client = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE), Timeline.system())) {
            HttpClient.Upgraded upgraded = client.upgrade(HttpRequest.of("POST", URI.create(server.address() + METRICS + "/pods/exec"))
                    .with(Headers.of("authorization", "Bearer admintoken", "upgrade", "echo/1")));
            try (ByteStream stream = Objects.requireNonNull(upgraded.stream())) {
                stream.output().write("hello".getBytes(StandardCharsets.UTF_8));
                stream.output().flush();
                assertThat(new String(stream.input().readNBytes(14), StandardCharsets.UTF_8)).isEqualTo("you said hello");
            }
        }
    }

    @Test
    void custom_groups_are_registered_as_long_as_their_definitions_are_there() throws Exception {
        assertThat(server.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
                {"metadata":{"name":"widgets.example.dev"},"spec":{"group":"example.dev","scope":"Namespaced","names":{"plural":"widgets","kind":"Widget"},"versions":[
                {"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object"}}}]}}""").status()).isEqualTo(201);
        Told registered = await("/apis/apiregistration.k8s.io/v1/apiservices/v1.example.dev", told -> told.status() == 200);
        assertThat(registered.at("spec.groupPriorityMinimum")).hasToString("1000");
        assertThat(registered.body()).contains("\"kube-aggregator.kubernetes.io/automanaged\":\"true\"", "\"reason\":\"Local\"");
        assertThat(server.delete("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.dev").status()).isEqualTo(200);
        await("/apis/apiregistration.k8s.io/v1/apiservices/v1.example.dev", told -> told.status() == 404);
    }
}
