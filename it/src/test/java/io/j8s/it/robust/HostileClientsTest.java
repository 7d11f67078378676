package io.j8s.it.robust;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that hold on to connections, trickle, or do not read.
class HostileClientsTest {
    private static final int CONNECTIONS = 10_000;
    private static final int WATCHES = Integer.getInteger("robust.watches", 10_000);
    private static final int WATCHES_PER_CONNECTION = 500;
    private static final long MEGABYTE = 1 << 20;
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    Path directory = Path.of("");

    private static void assertAnswers(RobustServer server) throws IOException, InterruptedException {
        try (HttpClient client = server.anotherClient(); HttpResponse response = client.send(server.request("GET", "/api/v1/namespaces/default"))) {
            assertThat(response.status()).isEqualTo(200);
        }
    }

    private static void write(SSLSocket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String statusLine(SSLSocket socket) throws IOException {
        socket.setSoTimeout(20_000);
        String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
        return line == null ? "closed" : line;
    }

    @Test
    void who_trickles_or_overdoes_is_turned_away_and_holds_nobody_up() throws Exception {
        try (RobustServer server = RobustServer.start(directory, 256, "--request-timeout=2s")) {
            List<SSLSocket> slow = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                SSLSocket headers = server.connection();
                write(headers, "GET /api/v1/namespaces HTTP/1.1\r\nhost: x\r\nx-slow: ");
                slow.add(headers);
            }
            SSLSocket body = server.connection();
            write(body, "POST " + CONFIG_MAPS + " HTTP/1.1\r\nhost: x\r\nauthorization: Bearer admintoken\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"metadata\":");
            SSLSocket large = server.connection();
            write(large, "GET /version HTTP/1.1\r\nhost: x\r\nx-large: " + "a".repeat(2 << 20) + "\r\n\r\n");
            assertAnswers(server);
            assertThat(statusLine(large)).startsWith("HTTP/1.1 431");
            assertThat(statusLine(body)).as("a body that never ends").startsWith("HTTP/1.1 504");
            try (HttpResponse response = server.client().send(server.request("POST", CONFIG_MAPS).withHeader("content-type", "application/json").withBody(new byte[4 << 20]))) {
                assertThat(response.status()).isEqualTo(413);
            }
            assertAnswers(server);
            for (SSLSocket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void ten_thousand_idle_connections_cost_little_and_a_watch_that_is_not_read_is_ended() throws Exception {
        try (RobustServer server = RobustServer.start(directory, 512)) {
            assertAnswers(server);
            long before = server.residentBytes();
            List<SocketChannel> idle = new ArrayList<>();
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    idle.add(SocketChannel.open(new InetSocketAddress("127.0.0.1", server.port())));
                }
                assertAnswers(server);
                long each = (server.residentBytes() - before) / CONNECTIONS;
                System.out.println("memory of an idle connection: " + each + " bytes resident");
                assertThat(each).isLessThan(32 << 10);
            } finally {
                for (SocketChannel channel : idle) {
                    channel.close();
                }
            }
            unread(server);
        }
    }

    /// Watches whose clients stop reading take a bounded amount of memory, and writers do not wait for them.
    private static void unread(RobustServer server) throws IOException, InterruptedException {
        List<SSLSocket> watches = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            SSLSocket watch = server.connection();
            write(watch, "GET " + CONFIG_MAPS + "?watch=true HTTP/1.1\r\nhost: x\r\nauthorization: Bearer admintoken\r\n\r\n");
            watches.add(watch);
        }
        long before = server.residentBytes();
        byte[] value = ("{\"metadata\":{\"name\":\"large\"},\"data\":{\"a\":\"" + "x".repeat(512 << 10) + "\"}}").getBytes(StandardCharsets.UTF_8);
        HttpRequest create = server.request("POST", CONFIG_MAPS).withHeader("content-type", "application/json").withBody(value);
        HttpRequest delete = server.request("DELETE", CONFIG_MAPS + "/large");
        for (int i = 0; i < 60; i++) {
            try (HttpResponse created = server.client().send(create); HttpResponse deleted = server.client().send(delete)) {
                assertThat(created.status()).isEqualTo(201);
                assertThat(deleted.status()).isEqualTo(200);
            }
        }
        System.out.println("60 MB of events to 50 watches that are not read: " + (server.residentBytes() - before) / MEGABYTE + " MB more resident");
        assertThat(server.alive()).isTrue();
        assertAnswers(server);
        for (SSLSocket watch : watches) {
            watch.close();
        }
    }

    @Test
    void ten_thousand_watches_hold_on_one_process() throws Exception {
        List<HttpClient> clients = new ArrayList<>();
        List<HttpResponse> watches = new ArrayList<>();
        try (RobustServer server = RobustServer.start(directory, 512)) {
            try (HttpResponse warm = server.client().send(server.request("GET", CONFIG_MAPS + "?watch=true&timeoutSeconds=1"))) {
                warm.body().readAllBytes();
            }
            long before = server.liveHeapBytes();
            long residentBefore = server.residentBytes();
            for (int i = 0; i < WATCHES; i++) {
                if (i % WATCHES_PER_CONNECTION == 0) {
                    clients.add(server.anotherClient());
                }
                watches.add(clients.getLast().send(HttpRequest.get(java.net.URI.create(server.address() + CONFIG_MAPS + "?watch=true&fieldSelector=metadata.name%3Dn" + i))
                        .withHeader("authorization", "Bearer admintoken")));
            }
            long each = (server.liveHeapBytes() - before) / WATCHES;
            System.out.println(WATCHES + " watches: " + each + " bytes of live heap each, " + (server.residentBytes() - residentBefore) / WATCHES + " resident");
            int last = WATCHES - 1;
            try (HttpResponse created = server.client().send(server.request("POST", CONFIG_MAPS).withHeader("content-type", "application/json")
                    .withBody(("{\"metadata\":{\"name\":\"n" + last + "\"}}").getBytes(StandardCharsets.UTF_8)))) {
                assertThat(created.status()).isEqualTo(201);
            }
            byte[] begin = watches.get(last).body().readNBytes(15);
            assertThat(new String(begin, StandardCharsets.UTF_8)).isEqualTo("{\"type\":\"ADDED\"");
            assertThat(watches.getFirst().body().available()).as("a watch of another name").isZero();
            assertThat(each).isLessThan(16 << 10);
        } finally {
            for (HttpClient client : clients) {
                client.close();
            }
        }
    }
}
