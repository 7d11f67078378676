package io.j8s.apiserver.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.ApiServer;
import io.j8s.apiserver.ApiServerConfig;
import io.j8s.apiserver.Guards;
import io.j8s.apiserver.admission.Admission;
import io.j8s.apiserver.authentication.Authentication;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resources.Resources;
import io.j8s.client.Client;
import io.j8s.http.BodyWriter;
import io.j8s.http.ByteStream;
import io.j8s.http.ClientConfig;
import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerTls;
import io.j8s.http.TlsIdentity;
import io.j8s.http.WebSocket;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.NodeAddress;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// What a user sees of requests that are carried on to a kubelet; the kubelet here tells what it was asked.
@Timeout(30)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StreamingTest {

    private static final Authorizer ALL_BUT_CREATING_BY_READERS = attributes ->
            attributes.user().name().equals("reader") && attributes.verb().equals("create") ? new Decision.NoOpinion("") : new Decision.Allow("");

    private final Timeline timeline = Timeline.system();
    private final EventLoops loops = new EventLoops(1);
    private final LocalStore store = LocalStore.inMemory(timeline);
    private HttpServer kubelet;
    private ApiServer server;
    private HttpClient http;

    @BeforeAll
    void start() throws Exception {
        TlsIdentity identity = selfSigned();
        kubelet = HttpServer.start(loops, ServerConfig.https("127.0.0.1", 0, ServerTls.of(() -> identity)), timeline, StreamingTest::kubelet);
        KubeletSettings settings = KubeletSettings.DEFAULT.trusting(identity.chain()).as(() -> identity);
        server = ApiServer.start(new ApiServerConfig("127.0.0.1", 0, null, Resources.all(), Streaming.with(settings, foundation -> new Guards(
                exchange -> new Authentication.Known(User.of(exchange.headers().getOr("x-test-user", "admin"))), ALL_BUT_CREATING_BY_READERS, Admission.NONE,
                foundation.resources(), paths -> {}, () -> {})), ApiServerConfig.DEFAULT_KEPT_JSON_BYTES), store, timeline);
        http = new HttpClient(loops, ClientConfig.DEFAULT.overHttp1(), timeline);
        Client client = server.client(User.of("admin", User.MASTERS), "test");
        createNode(client, "real", kubelet.port());
        createNode(client, "simulated", 0);
        client.create(Pod.RESOURCE, "default", pod("one", "real", "main"));
        client.create(Pod.RESOURCE, "default", pod("two", "real", "left", "right"));
        client.create(Pod.RESOURCE, "default", pod("nowhere", "", "main"));
        client.create(Pod.RESOURCE, "default", pod("dream", "simulated", "main"));
    }

    @AfterAll
    void stop() {
        http.close();
        server.close();
        store.close();
        kubelet.shutdown(Duration.ZERO);
        loops.close();
    }

    private static void createNode(Client client, String name, int port) {
        Node created = client.create(Node.RESOURCE, "", Node.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name)));
        client.updateStatus(Node.RESOURCE, "", created.withStatus(status -> status
                .withAddresses(List.of(NodeAddress.EMPTY.withType("InternalIP").withAddress("127.0.0.1")))
                .withDaemonEndpoints(d -> d.withKubeletEndpoint(k -> k.withPort(port)))));
    }

    private static Pod pod(String name, String node, String... containers) {
        return Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name)).withSpec(spec -> spec.withNodeName(node)
                .withContainers(Arrays.stream(containers).map(c -> Container.EMPTY.withName(c).withImage("x")).toList()));
    }

    private static TlsIdentity selfSigned() throws IOException, InterruptedException, GeneralSecurityException {
        Path file = Files.createTempDirectory("streaming").resolve("store.p12");
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(keytool, "-genkeypair", "-alias", "it", "-keyalg", "EC", "-storetype", "PKCS12", "-keystore", file.toString(),
                "-storepass", "changeit", "-dname", "CN=kubelet", "-ext", "san=ip:127.0.0.1", "-validity", "2").inheritIO().start();
        assertThat(process.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "changeit".toCharArray());
        }
        Files.delete(file);
        Files.delete(Objects.requireNonNull(file.getParent()));
        return new TlsIdentity((PrivateKey) keys.getKey("it", "changeit".toCharArray()), List.of((X509Certificate) keys.getCertificate("it")));
    }

    private static void kubelet(Exchange exchange) throws IOException, InterruptedException {
        String asked = exchange.method() + " " + exchange.path() + "?" + exchange.query();
        if (exchange.path().contains("/refused/")) {
            exchange.answer(400, Headers.EMPTY, "no such thing\n".getBytes(StandardCharsets.UTF_8));
        } else if (exchange.headers().lists("upgrade", "websocket")) {
            try (WebSocket socket = exchange.acceptWebSocket("v5.channel.k8s.io")) {
                socket.sendText(asked);
                for (WebSocket.Message message = socket.receive(); message != null; message = socket.receive()) {
                    socket.sendBinary(message.bytes(), 0, message.bytes().length);
                }
            }
        } else if (exchange.upgradable()) {
            try (ByteStream stream = exchange.upgrade(Headers.of("upgrade", "SPDY/3.1", "x-stream-protocol-version", exchange.headers().getOr("x-stream-protocol-version", "")))) {
                stream.input().transferTo(stream.output());
            }
        } else {
            boolean certified = !exchange.peerCertificates().isEmpty() && exchange.headers().get("authorization") == null;
            try (BodyWriter body = exchange.begin(200, Headers.of("content-type", "text/plain"))) {
                body.write((asked + (certified ? "" : " NOT AS THE SERVER")).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private URI pods(String rest) {
        return uri("/api/v1/namespaces/default/pods/" + rest);
    }

    private String get(int status, URI uri) throws IOException, InterruptedException {
        try (HttpResponse response = http.send(HttpRequest.get(uri).withHeader("authorization", "Bearer secret"))) {
            String body = new String(response.readAll(100_000), StandardCharsets.UTF_8);
            assertThat(response.status()).as(body).isEqualTo(status);
            return body;
        }
    }

    @Test
    void logsComeFromTheKubeletThatTheServerAsksUnderItsOwnName() throws Exception {
        assertThat(get(200, pods("one/log?tailLines=3&timestamps=true&follow=1&limitBytes=9")))
                .isEqualTo("GET /containerLogs/default/one/main?follow=true&timestamps=true&tailLines=3&limitBytes=9&stream=All");
        assertThat(get(200, pods("two/log?container=right&stream=Stderr&sinceTime=2026-01-01T00:00:00Z")))
                .isEqualTo("GET /containerLogs/default/two/right?sinceTime=2026-01-01T00%3A00%3A00Z&stream=Stderr");
    }

    @Test
    void logOptionsThatCannotBeAreRefused() throws Exception {
        assertThat(get(400, pods("two/log"))).contains("a container name must be specified for pod two, choose one of: [left right]");
        assertThat(get(400, pods("one/log?container=x"))).contains("container x is not valid for pod one");
        assertThat(get(422, pods("one/log?tailLines=-1"))).contains("tailLines");
        assertThat(get(422, pods("one/log?sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z"))).contains("at most one of");
        assertThat(get(422, pods("one/log?stream=Both"))).contains("supported values");
        assertThat(get(404, pods("none/log"))).contains("pods \\\"none\\\" not found");
        assertThat(get(204, pods("nowhere/log"))).isEmpty();
    }

    @Test
    void aNodeWithoutKubeletIsTold() throws Exception {
        assertThat(get(503, pods("dream/log"))).contains("node \\\"simulated\\\" has no kubelet that could be asked");
    }

    @Test
    void webSocketsGoThroughToTheKubelet() throws Exception {
        try (WebSocket socket = http.webSocket(pods("one/exec?command=echo&command=a+b&stdin=true&stdout=true&tty=false"), Headers.EMPTY, List.of("v5.channel.k8s.io", "v4.channel.k8s.io"))) {
            assertThat(socket.subprotocol()).isEqualTo("v5.channel.k8s.io");
            assertThat(new String(Objects.requireNonNull(socket.receive()).bytes(), StandardCharsets.UTF_8)).isEqualTo("GET /exec/default/one/main?input=1&output=1&command=echo&command=a+b");
            byte[] large = new byte[1_000_000];
            socket.sendBinary(large, 0, large.length);
            assertThat(Objects.requireNonNull(socket.receive()).bytes()).isEqualTo(large);
        }
    }

    @Test
    void spdyGoesThroughToTheKubelet() throws Exception {
        HttpClient.Upgraded upgraded = http.upgrade(HttpRequest.of("POST", pods("one/attach?stdout=true")).with(Headers.of("upgrade", "SPDY/3.1", "x-stream-protocol-version", "v4.channel.k8s.io")));
        assertThat(upgraded.response().status()).isEqualTo(101);
        assertThat(upgraded.response().headers().get("x-stream-protocol-version")).isEqualTo("v4.channel.k8s.io");
        try (ByteStream stream = Objects.requireNonNull(upgraded.stream())) {
            stream.output().write(new byte[] {1, 2, 3});
            stream.output().flush();
            assertThat(stream.input().readNBytes(3)).containsExactly(1, 2, 3);
        }
    }

    @Test
    void spdyInsideAWebSocketIsTakenOutForAKubeletThatWantsItPlain() throws Exception {
        try (WebSocket socket = http.webSocket(pods("one/portforward"), Headers.EMPTY, List.of("SPDY/3.1+portforward.k8s.io"))) {
            socket.sendBinary(new byte[] {5, 6}, 0, 2);
            assertThat(Objects.requireNonNull(socket.receive()).bytes()).containsExactly(5, 6);
        }
    }

    @Test
    void whoMayOnlyReadOpensNoStreamWithGet() throws Exception {
        HttpClient.Upgraded refused = http.upgrade(HttpRequest.get(pods("one/exec?command=x&stdout=1")).with(Headers.of("upgrade", "websocket", "x-test-user", "reader")));
        assertThat(refused.response().status()).isEqualTo(403);
        assertThat(refused.response().readAll(10_000)).asString().contains("cannot create resource \\\"pods/exec\\\"");
    }

    @Test
    void streamsNeedAnUpgrade() throws Exception {
        assertThat(get(400, pods("one/exec?command=x&stdout=1"))).contains("Upgrade request required");
        assertThat(get(400, pods("nowhere/portforward"))).contains("pod nowhere does not have a host assigned");
    }

    @Test
    void theKubeletIsReachedThroughItsNode() throws Exception {
        assertThat(get(200, uri("/api/v1/nodes/real/proxy/pods?x=1"))).isEqualTo("GET /pods?x=1");
        assertThat(get(400, uri("/api/v1/nodes/ftp:real:1/proxy/"))).contains("invalid node request");
        assertThat(get(400, uri("/api/v1/nodes/real:1/proxy/"))).contains("address not allowed");
        try (HttpResponse posted = http.send(HttpRequest.of("POST", uri("/api/v1/nodes/real/proxy/run/it")).withBody("abc".getBytes(StandardCharsets.UTF_8)))) {
            assertThat(posted.readAll(1000)).asString().isEqualTo("POST /run/it?");
        }
        assertThat(get(301, uri("/api/v1/nodes/real/proxy"))).isEmpty();
    }
}
