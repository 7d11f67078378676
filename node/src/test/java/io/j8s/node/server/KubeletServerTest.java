package io.j8s.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.http.ByteStream;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.http.TlsIdentity;
import io.j8s.http.WebSocket;
import io.j8s.node.support.TestIdentity;
import io.j8s.node.support.TestNode;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(30)
final class KubeletServerTest {
    private final EventLoops loops = new EventLoops(1);
    private TestNode node;
    private HttpClient admin;
    private HttpClient nobody;

    @BeforeAll
    void start() throws Exception {
        TlsIdentity serving = TestIdentity.of("CN=test-node");
        TlsIdentity user = TestIdentity.of("CN=admin, O=system:masters");
        node = new TestNode(c -> c.withApi(api -> api.serving("127.0.0.1", 0, () -> serving, user::chain)));
        admin = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE.as(() -> user)), Timeline.system());
        nobody = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE), Timeline.system());
        node.run("web", s -> s, c -> c.withCommand(List.of("sh", "-c", "echo one; echo two >&2; echo three; while true; do echo GET | nc -l -p 8080 -e cat; done"))
                .withStdin(true).withStdinOnce(true));
        node.awaitRunning("web");
    }

    @AfterAll
    void stop() throws Exception {
        admin.close();
        nobody.close();
        node.close();
        loops.close();
    }

    @Test
    void who_is_not_known_is_refused() throws Exception {
        try (HttpResponse response = nobody.send(HttpRequest.get(uri("/pods")))) {
            assertThat(response.status()).isEqualTo(401);
        }
    }

    @Test
    void pods_and_figures_are_served() throws Exception {
        assertThat(get("/pods")).contains("\"name\":\"web\"").contains("\"phase\":\"Running\"");
        assertThat(get("/healthz")).isEqualTo("ok");
        assertThat(get("/stats/summary")).contains("\"nodeName\":\"test-node\"").contains("\"workingSetBytes\"").contains("\"podRef\"");
        assertThat(get("/metrics/resource")).contains("container_memory_working_set_bytes{container=\"main\",namespace=\"default\",pod=\"web\"}");
        assertThat(get("/metrics")).contains("kubelet_running_pods 1");
    }

    @Test
    void logs_are_served_whole_in_part_and_with_times() throws Exception {
        assertThat(get("/containerLogs/default/web/main")).contains("one\n").contains("two\n").contains("three\n");
        assertThat(get("/containerLogs/default/web/main?tailLines=1").lines()).hasSize(1);
        assertThat(get("/containerLogs/default/web/main?timestamps=true&stream=Stderr")).matches("20\\d\\d-.*T.*Z two\n");
        assertThat(get("/containerLogs/default/web/main?limitBytes=2&stream=Stdout")).isEqualTo("on");
        try (HttpResponse response = admin.send(HttpRequest.get(uri("/containerLogs/default/web/main?previous=true")))) {
            assertThat(response.status()).isEqualTo(400);
            assertThat(new String(response.readAll(10_000), StandardCharsets.UTF_8)).contains("previous terminated container \"main\" in pod \"web\" not found");
        }
    }

    @Test
    void logs_are_followed_until_the_container_ends() throws Exception {
        node.run("talks", s -> s.withRestartPolicy("Never"), c -> c.withCommand(List.of("sh", "-c", "for i in 1 2 3; do echo $i; sleep 0.3; done")));
        node.await("talks", p -> p.status().phase().equals("Running"));
        assertThat(get("/containerLogs/default/talks/main?follow=true")).isEqualTo("1\n2\n3\n");
        node.delete("talks");
    }

    @Test
    void a_command_gets_its_input_to_the_end_and_its_exit_code_is_told() throws Exception {
        try (WebSocket socket = open("/exec/default/web/main?command=sh&command=-c&command=cat;echo%20problem%20%3E%262;exit%207&input=1&output=1&error=1", "v5.channel.k8s.io")) {
            byte[] input = "\0some input".getBytes(StandardCharsets.US_ASCII);
            socket.sendBinary(input, 0, input.length);
            socket.sendBinary(new byte[] {(byte) 255, 0}, 0, 2);
            Map<Integer, String> received = receive(socket);
            assertThat(received).containsEntry(1, "some input").containsEntry(2, "problem\n");
            assertThat(received.get(3)).contains("NonZeroExitCode").contains("\"message\":\"7\"");
        }
    }

    @Test
    void a_terminal_has_the_size_that_it_is_given() throws Exception {
        try (WebSocket socket = open("/exec/default/web/main?command=sh&command=-c&command=sleep%200.5;stty%20size&output=1&tty=1", "v4.channel.k8s.io")) {
            byte[] resize = "\4{\"Width\":123,\"Height\":45}".getBytes(StandardCharsets.US_ASCII);
            socket.sendBinary(resize, 0, resize.length);
            Map<Integer, String> received = receive(socket);
            assertThat(received.get(1)).isEqualTo("45 123\r\n");
            assertThat(received.get(3)).contains("Success");
        }
    }

    @Test
    void an_attached_client_ends_the_input_of_the_container() throws Exception {
        node.run("reads", s -> s.withRestartPolicy("Never"), c -> c.withCommand(List.of("sh", "-c", "cat; echo end")).withStdin(true).withStdinOnce(true));
        node.awaitRunning("reads");
        try (WebSocket socket = open("/attach/default/reads/main?input=1&output=1&error=1", "v5.channel.k8s.io")) {
            byte[] input = "\0hello\n".getBytes(StandardCharsets.US_ASCII);
            socket.sendBinary(input, 0, input.length);
            socket.sendBinary(new byte[] {(byte) 255, 0}, 0, 2);
            assertThat(receive(socket).get(1)).isEqualTo("hello\nend\n");
        }
        node.await("reads", p -> p.status().phase().equals("Succeeded"));
        node.delete("reads");
    }

    @Test
    void a_port_is_forwarded() throws Exception {
        try (WebSocket socket = open("/portForward/default/web?port=8080", "v4.channel.k8s.io")) {
            byte[] data = "\0ping\n".getBytes(StandardCharsets.US_ASCII);
            socket.sendBinary(data, 0, data.length);
            StringBuilder answer = new StringBuilder();
            while (!answer.toString().contains("ping\n")) {
                WebSocket.Message message = socket.receive();
                if (message == null) {
                    throw new AssertionError("the connection ended after " + answer);
                }
                if (message.bytes()[0] == 0) {
                    answer.append(new String(message.bytes(), 1, message.bytes().length - 1, StandardCharsets.US_ASCII));
                }
            }
        }
    }

    @Test
    void spdy_goes_through_to_the_runtime() throws Exception {
        HttpRequest request = HttpRequest.of("POST", uri("/exec/default/web/main?command=true&output=1")).withHeader("connection", "Upgrade").withHeader("upgrade", "SPDY/3.1")
                .withHeader("x-stream-protocol-version", "v4.channel.k8s.io");
        HttpClient.Upgraded upgraded = admin.upgrade(request);
        try (ByteStream stream = upgraded.stream()) {
            assertThat(stream).isNotNull();
            assertThat(upgraded.response().headers().get("x-stream-protocol-version")).isEqualTo("v4.channel.k8s.io");
        }
    }

    private URI uri(String path) {
        return URI.create("https://127.0.0.1:" + node.kubelet().port() + path);
    }

    private String get(String path) throws IOException, InterruptedException {
        try (HttpResponse response = admin.send(HttpRequest.get(uri(path)))) {
            String text = new String(response.readAll(10_000_000), StandardCharsets.UTF_8);
            assertThat(response.status()).as(text).isEqualTo(200);
            return text;
        }
    }

    private WebSocket open(String path, String protocol) throws IOException, InterruptedException {
        return admin.webSocket(uri(path), Headers.EMPTY, List.of(protocol));
    }

    private static Map<Integer, String> receive(WebSocket socket) throws IOException, InterruptedException {
        Map<Integer, String> received = new TreeMap<>();
        for (WebSocket.Message message = socket.receive(); message != null; message = socket.receive()) {
            byte[] bytes = message.bytes();
            received.merge((int) bytes[0], new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8), String::concat);
        }
        return received;
    }
}
