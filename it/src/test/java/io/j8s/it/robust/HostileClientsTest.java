package io.j8s.it.robust;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that hold on to connections, trickle, or do not read.
///
/// More of them: `bin/mvn -o test -pl it -Dtest=HostileClientsTest -Drobust.watches=10000 -Drobust.handshakes=10000 -Drobust.stalled=true` (some minutes; the last one waits until watches
/// that nobody reads are ended).
class HostileClientsTest {
    private static final int CONNECTIONS = 10_000;
    private static final int HANDSHAKES = Integer.getInteger("robust.handshakes", 200);
    private static final int WATCHES = Integer.getInteger("robust.watches", 1500);
    private static final int WATCHES_PER_CONNECTION = 250;
    private static final int OPENERS = 4;
    private static final int STALLED = 50;
    private static final long MEGABYTE = 1 << 20;
    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String AUTHORIZATION = "authorization: Bearer admintoken\r\n";

    @TempDir
    static Path directory = Path.of("");
    private static RobustServer server;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = RobustServer.start(directory, 512, "--request-timeout=3s");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void assertAnswers() throws IOException, InterruptedException {
        try (HttpClient client = server.anotherClient(); HttpResponse response = client.send(server.request("GET", "/api/v1/namespaces/default"))) {
            assertThat(response.status()).isEqualTo(200);
        }
    }

    private static SSLSocket written(String text) throws IOException {
        SSLSocket socket = server.connection();
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }

    private static String statusLine(SSLSocket socket) throws IOException {
        socket.setSoTimeout(60_000);
        String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
        return line == null ? "closed" : line;
    }

    @Test
    void who_trickles_or_overdoes_is_turned_away_and_holds_nobody_up() throws Exception {
        List<SSLSocket> slow = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            slow.add(written("GET /api/v1/namespaces HTTP/1.1\r\nhost: x\r\nx-slow: "));
        }
        try (SSLSocket body = written("POST " + CONFIG_MAPS + " HTTP/1.1\r\nhost: x\r\n" + AUTHORIZATION + "content-type: application/json\r\ncontent-length: 100\r\n\r\n{\"metadata\":");
                SSLSocket header = written("GET /version HTTP/1.1\r\nhost: x\r\nx-large: " + "a".repeat(2 << 20) + "\r\n\r\n");
                SSLSocket fields = written("GET /version HTTP/1.1\r\nhost: x\r\n" + "x-more: 1\r\n".repeat(200_000) + "\r\n");
                SSLSocket line = written("GET /version?" + "a".repeat(2 << 20) + " HTTP/1.1\r\nhost: x\r\n\r\n")) {
            assertAnswers();
            assertThat(statusLine(header)).startsWith("HTTP/1.1 431");
            assertThat(statusLine(fields)).startsWith("HTTP/1.1 431");
            assertThat(statusLine(line)).startsWith("HTTP/1.1 431");
            assertThat(statusLine(body)).as("a body that never ends").startsWith("HTTP/1.1 504");
        }
        try (HttpResponse response = server.client().send(server.request("POST", CONFIG_MAPS).withHeader("content-type", "application/json").withBody(new byte[4 << 20]))) {
            assertThat(response.status()).isEqualTo(413);
        }
        assertAnswers();
        for (SSLSocket socket : slow) {
            socket.close();
        }
    }

    @Test
    void ten_thousand_idle_connections_cost_little() throws Exception {
        assertAnswers();
        long before = server.residentBytes();
        List<SocketChannel> idle = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                idle.add(SocketChannel.open(new InetSocketAddress("127.0.0.1", server.port())));
            }
            for (int i = 0; i < HANDSHAKES; i++) {
                Handshake.on(idle.get(i));
            }
            assertAnswers();
            long each = (server.residentBytes() - before) / CONNECTIONS;
            System.out.println(CONNECTIONS + " idle connections, " + HANDSHAKES + " of them after their handshake: " + each + " bytes resident each");
            assertThat(each).isLessThan(32 << 10);
        } finally {
            for (SocketChannel channel : idle) {
                channel.close();
            }
        }
    }

    @Test
    void watches_that_nobody_reads_take_bounded_memory_and_hold_up_neither_writers_nor_other_watches() throws Exception {
        List<SSLSocket> stalled = new ArrayList<>();
        for (int i = 0; i < STALLED; i++) {
            stalled.add(written("GET " + CONFIG_MAPS + "?watch=true HTTP/1.1\r\nhost: x\r\n" + AUTHORIZATION + "\r\n"));
        }
        long before = server.residentBytes();
        byte[] value = ("{\"metadata\":{\"name\":\"large\"},\"data\":{\"a\":\"" + "x".repeat(512 << 10) + "\"}}").getBytes(StandardCharsets.UTF_8);
        HttpRequest create = server.request("POST", CONFIG_MAPS).withHeader("content-type", "application/json").withBody(value);
        HttpRequest delete = server.request("DELETE", CONFIG_MAPS + "/large");
        try (HttpResponse reading = server.anotherClient().send(server.request("GET", CONFIG_MAPS + "?watch=true&fieldSelector=metadata.name%3Dlarge"))) {
            for (int i = 0; i < 60; i++) {
                try (HttpResponse created = server.client().send(create); HttpResponse deleted = server.client().send(delete)) {
                    assertThat(created.status()).isEqualTo(201);
                    assertThat(deleted.status()).isEqualTo(200);
                }
                BufferedReader lines = new BufferedReader(new InputStreamReader(reading.body(), StandardCharsets.UTF_8));
                assertThat(lines.readLine()).startsWith("{\"type\":\"ADDED\"");
                assertThat(lines.readLine()).startsWith("{\"type\":\"DELETED\"");
            }
        }
        System.out.println("60 MB of events to " + STALLED + " watches that are not read: " + (server.residentBytes() - before) / MEGABYTE + " MB more resident");
        assertThat(server.alive()).isTrue();
        assertAnswers();
        if (Boolean.getBoolean("robust.stalled")) {
            awaitEnd(stalled);
        }
        for (SSLSocket watch : stalled) {
            watch.close();
        }
    }

    /// Who takes nothing for two minutes is cut off: what was on its way is still to be read, then comes the end.
    private static void awaitEnd(List<SSLSocket> stalled) throws IOException, InterruptedException {
        Timeline.system().sleep(Duration.ofSeconds(130));
        for (SSLSocket watch : stalled) {
            watch.setSoTimeout(60_000);
            long read = 0;
            byte[] buffer = new byte[64 << 10];
            try {
                for (int size = watch.getInputStream().read(buffer); size >= 0; size = watch.getInputStream().read(buffer)) {
                    read += size;
                }
            } catch (java.net.SocketTimeoutException e) {
                throw new AssertionError("a watch that was not read is still open", e);
            } catch (IOException broken) {
                // cut off
            }
            assertThat(read).isLessThan(60 * MEGABYTE);
        }
    }

    @Test
    void thousands_of_watches_hold_on_one_process() throws Exception {
        try (HttpResponse warm = server.client().send(server.request("GET", CONFIG_MAPS + "?watch=true&timeoutSeconds=1"))) {
            warm.body().readAllBytes();
        }
        long before = server.liveHeapBytes();
        long residentBefore = server.residentBytes();
        HttpResponse[] watches = new HttpResponse[WATCHES];
        List<Task> openers = new ArrayList<>();
        for (int first = 0; first < OPENERS; first++) {
            int own = first;
            openers.add(Timeline.system().start("opener " + first, () -> open(watches, own)));
        }
        for (Task opener : openers) {
            opener.join();
        }
        assertThat(watches).doesNotContainNull();
        long each = (server.liveHeapBytes() - before) / WATCHES;
        System.out.println(WATCHES + " watches: " + each + " bytes of live heap each, " + (server.residentBytes() - residentBefore) / WATCHES + " resident");
        int last = WATCHES - 1;
        try (HttpResponse created = server.client().send(server.request("POST", CONFIG_MAPS).withHeader("content-type", "application/json")
                .withBody(("{\"metadata\":{\"name\":\"n" + last + "\"}}").getBytes(StandardCharsets.UTF_8)))) {
            assertThat(created.status()).isEqualTo(201);
        }
        byte[] begin = watches[last].body().readNBytes(15);
        assertThat(new String(begin, StandardCharsets.UTF_8)).isEqualTo("{\"type\":\"ADDED\"");
        assertThat(watches[0].body().available()).as("a watch of another name").isZero();
        assertThat(each).isLessThan(16 << 10);
        for (HttpResponse watch : watches) {
            watch.close();
        }
    }

    private static void open(HttpResponse[] watches, int first) throws InterruptedException {
        HttpClient client = server.anotherClient();
        int opened = 0;
        try {
            for (int i = first; i < watches.length; i += OPENERS) {
                if (++opened % WATCHES_PER_CONNECTION == 0) {
                    client = server.anotherClient();
                }
                watches[i] = client.send(HttpRequest.get(URI.create(server.address() + CONFIG_MAPS + "?watch=true&fieldSelector=metadata.name%3Dn" + i)).withHeader("authorization", "Bearer admintoken"));
            }
        } catch (IOException e) {
            System.out.println("watch refused: " + e); // the test finds it missing
        }
    }
}
