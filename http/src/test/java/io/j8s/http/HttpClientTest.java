package io.j8s.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our client against our server, over HTTP/2 and HTTP/1.1 (`http1` true).
@Timeout(30)
class HttpClientTest {

    private static final Handler ECHO = exchange ->
            exchange.answer(200, Headers.of("x-seen", exchange.method() + " " + exchange.path() + "?" + exchange.query() + " " + exchange.protocol()), exchange.body().readAllBytes());

    private static HttpClient client(TestServer server, boolean http1) {
        ClientConfig config = ClientConfig.of(ClientTls.trusting(TestServer.IDENTITY.chain()));
        return new HttpClient(server.loops, http1 ? config.overHttp1() : config, Timeline.system());
    }

    private static String text(HttpResponse response) throws IOException {
        return new String(response.readAll(1_000_000), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sendsRequestsOneAfterTheOtherOverOneConnection(boolean http1) throws Exception {
        try (TestServer server = new TestServer(ECHO); HttpClient client = client(server, http1)) {
            for (int i = 0; i < 20; i++) {
                try (HttpResponse response = client.send(HttpRequest.of("POST", server.uri("/p?q=" + i)).withBody("hi".getBytes(StandardCharsets.UTF_8)))) {
                    assertThat(response.status()).isEqualTo(200);
                    assertThat(response.headers().get("x-seen")).isEqualTo("POST /p?q=" + i + (http1 ? " HTTP/1.1" : " HTTP/2"));
                    assertThat(text(response)).isEqualTo("hi");
                }
                try (HttpResponse response = client.send(HttpRequest.get(server.uri("/g")))) {
                    assertThat(text(response)).isEmpty();
                }
            }
            assertThat(server.server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void carriesLargeAndStreamedBodies(boolean http1) throws Exception {
        byte[] large = new byte[6_000_000];
        new Random(2).nextBytes(large);
        try (TestServer server = new TestServer(ECHO); HttpClient client = client(server, http1)) {
            try (HttpResponse response = client.send(HttpRequest.of("PUT", server.uri("/")).withBody(large))) {
                assertThat(response.readAll(Long.MAX_VALUE)).isEqualTo(large);
            }
            for (long length : new long[] {-1, large.length}) {
                try (HttpResponse response = client.send(HttpRequest.of("PUT", server.uri("/")).withBody(new ByteArrayInputStream(large), length))) {
                    assertThat(response.readAll(Long.MAX_VALUE)).isEqualTo(large);
                }
            }
        }
    }

    @Test
    void runs1000RequestsAtOnceOverOneHttp2Connection() throws Exception {
        CountDownLatch all = new CountDownLatch(1000);
        Handler together = exchange -> {
            if (!exchange.path().equals("/first")) {
                all.countDown();
                all.await();
            }
            exchange.answer(200, Headers.EMPTY, exchange.path().getBytes(StandardCharsets.UTF_8));
        };
        try (TestServer server = new TestServer(together); HttpClient client = client(server, false)) {
            client.send(HttpRequest.get(server.uri("/first"))).close();
            AtomicInteger right = new AtomicInteger();
            List<Task> tasks = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                String path = "/" + i;
                tasks.add(Timeline.system().start("request", () -> {
                    try (HttpResponse response = client.send(HttpRequest.get(server.uri(path)))) {
                        if (text(response).equals(path)) {
                            right.incrementAndGet();
                        }
                    }
                }));
            }
            for (Task task : tasks) {
                task.join();
            }
            assertThat(right).hasValue(1000);
            assertThat(server.server.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSlowReaderHoldsTheWriterBack(boolean http1) throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch writerDone = new CountDownLatch(1);
        int total = 24 * 1024 * 1024;
        Handler endless = exchange -> {
            byte[] piece = new byte[64 * 1024];
            try (BodyWriter body = exchange.begin(200, Headers.EMPTY)) {
                while (written.get() < total) {
                    body.write(piece);
                    written.addAndGet(piece.length);
                }
            }
            writerDone.countDown();
        };
        try (TestServer server = new TestServer(endless); HttpClient client = client(server, http1)) {
            try (HttpResponse response = client.send(HttpRequest.get(server.uri("/")))) {
                long seen = -1;
                while (seen != written.get()) { // until the writer stands still
                    seen = written.get();
                    writerDone.await(200, TimeUnit.MILLISECONDS);
                }
                assertThat(seen).isLessThan(8L * 1024 * 1024);
                assertThat(response.body().readAllBytes()).hasSize(total);
            }
            assertThat(writerDone.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSlowHandlerHoldsTheSenderBack(boolean http1) throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicLong sent = new AtomicLong();
        int total = 20 * 1024 * 1024;
        Handler slow = exchange -> {
            mayRead.await();
            long size = exchange.body().transferTo(java.io.OutputStream.nullOutputStream());
            exchange.answer(200, Headers.EMPTY, Long.toString(size).getBytes(StandardCharsets.UTF_8));
        };
        java.io.InputStream source = new java.io.InputStream() {
            @Override
            public int read() {
                return sent.incrementAndGet() > total ? -1 : 1;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (sent.get() >= total) {
                    return -1;
                }
                int size = (int) Math.min(length, total - sent.get());
                sent.addAndGet(size);
                return size;
            }

            @Override
            public int available() {
                return 1;
            }
        };
        try (TestServer server = new TestServer(slow); HttpClient client = client(server, http1)) {
            CountDownLatch never = new CountDownLatch(1);
            Task opener = Timeline.system().start("opener", () -> {
                long seen = -1;
                while (seen != sent.get()) {
                    seen = sent.get();
                    never.await(200, TimeUnit.MILLISECONDS);
                }
                sent.compareAndSet(seen, seen);
                mayRead.countDown();
                assertThat(seen).isLessThan(8L * 1024 * 1024);
            });
            try (HttpResponse response = client.send(HttpRequest.of("POST", server.uri("/")).withBody(source, -1))) {
                assertThat(text(response)).isEqualTo(Integer.toString(total));
            }
            opener.join();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingTheResponseInterruptsTheHandlerAndWakesTheReader(boolean http1) throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Handler watch = exchange -> {
            try (BodyWriter body = exchange.begin(200, Headers.EMPTY)) {
                body.flush();
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        };
        try (TestServer server = new TestServer(watch); HttpClient client = client(server, http1)) {
            HttpResponse response = client.send(HttpRequest.get(server.uri("/")));
            CountDownLatch readerWoken = new CountDownLatch(1);
            Task reader = Timeline.system().start("reader", () -> {
                try {
                    response.body().read();
                } catch (IOException e) {
                    readerWoken.countDown();
                }
            });
            response.close();
            assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(readerWoken.await(5, TimeUnit.SECONDS)).isTrue();
            reader.join();
        }
    }

    @Test
    void manyCancelledRequestsDoNotEndTheirConnection() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        Handler watch = exchange -> {
            if (exchange.path().equals("/last")) {
                exchange.answer(200, Headers.EMPTY, exchange.remoteAddress().toString().getBytes(StandardCharsets.UTF_8));
                return;
            }
            try (BodyWriter body = exchange.begin(200, Headers.of("x-from", exchange.remoteAddress().toString()))) {
                body.flush();
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                ended.incrementAndGet();
            }
        };
        try (TestServer server = new TestServer(watch); HttpClient client = client(server, false)) {
            java.util.Set<String> connections = new java.util.HashSet<>();
            for (int i = 0; i < 1500; i++) {
                try (HttpResponse response = client.send(HttpRequest.get(server.uri("/watch")))) {
                    connections.add(response.headers().getOr("x-from", ""));
                }
            }
            try (HttpResponse response = client.send(HttpRequest.get(server.uri("/last")))) {
                connections.add(text(response));
            }
            assertThat(connections).hasSize(1);
        }
        assertThat(ended).hasValue(1500); // the server's close waits for its handlers
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTimeoutBreaksTheRequestOff(boolean http1) throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Handler silent = exchange -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        };
        try (TestServer server = new TestServer(silent); HttpClient client = client(server, http1)) {
            assertThatThrownBy(() -> client.send(HttpRequest.get(server.uri("/")).within(Duration.ofMillis(300)))).isInstanceOf(IOException.class).hasMessageContaining("300 ms");
            assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptBreaksTheRequestOff(boolean http1) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch callerInterrupted = new CountDownLatch(1);
        Handler silent = exchange -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        };
        try (TestServer server = new TestServer(silent); HttpClient client = client(server, http1)) {
            try (Task caller = Timeline.system().start("caller", () -> {
                try {
                    client.send(HttpRequest.get(server.uri("/"))).close();
                } catch (InterruptedException e) {
                    callerInterrupted.countDown();
                }
            })) {
                begun.await();
                caller.cancel();
                assertThat(callerInterrupted.await(5, TimeUnit.SECONDS)).isTrue();
                assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aServerThatWentAwayAndCameBackIsReachedAgain(boolean http1) throws Exception {
        TestServer first = new TestServer(ECHO);
        int port = first.server.port();
        try (EventLoops loops = new EventLoops(1);
                HttpClient client = new HttpClient(loops, http1 ? ClientConfig.of(ClientTls.INSECURE).overHttp1() : ClientConfig.of(ClientTls.INSECURE), Timeline.system())) {
            client.send(HttpRequest.get(first.uri("/"))).close();
            first.close();
            assertThatThrownBy(() -> client.send(HttpRequest.get(first.uri("/")))).isInstanceOf(java.net.ConnectException.class).hasMessageContaining("127.0.0.1:" + port);
            try (TestServer second = new TestServer(ServerConfig.https("127.0.0.1", port, ServerTls.of(() -> TestServer.IDENTITY)), ECHO);
                    HttpResponse response = client.send(HttpRequest.get(second.uri("/")))) {
                assertThat(response.status()).isEqualTo(200);
            }
        }
    }

    @Test
    void requestsThatWaitForOneConnectionFailWithIt() throws Exception {
        try (java.net.ServerSocket deaf = new java.net.ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress()); EventLoops loops = new EventLoops(1);
                HttpClient client = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE).withTimeouts(Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5)),
                        Timeline.system())) {
            AtomicInteger failed = new AtomicInteger();
            CountDownLatch all = new CountDownLatch(20);
            for (int i = 0; i < 20; i++) {
                Timeline.system().start("request", () -> {
                    try (HttpResponse response = client.send(HttpRequest.get(java.net.URI.create("https://127.0.0.1:" + deaf.getLocalPort())))) {
                        assertThat(response).isNull();
                    } catch (IOException e) {
                        failed.incrementAndGet();
                    } finally {
                        all.countDown();
                    }
                });
            }
            all.await();
            assertThat(failed).hasValue(20);
        }
    }

    @Test
    void refusesAServerThatItDoesNotTrust() throws Exception {
        TlsIdentity other = TestCertificates.selfSigned(TestServer.DIRECTORY, "other", "EC");
        try (TestServer server = new TestServer(ECHO);
                HttpClient client = new HttpClient(server.loops, ClientConfig.of(ClientTls.trusting(other.chain())), Timeline.system())) {
            assertThatThrownBy(() -> client.send(HttpRequest.get(server.uri("/")))).isInstanceOf(IOException.class).hasMessageContaining("certification path");
        }
        try (TestServer server = new TestServer(ECHO);
                HttpClient client = new HttpClient(server.loops, ClientConfig.of(ClientTls.trusting(TestServer.IDENTITY.chain()).withServerName("wrong.example")), Timeline.system())) {
            assertThatThrownBy(() -> client.send(HttpRequest.get(server.uri("/")))).isInstanceOf(IOException.class).hasMessageContaining("wrong.example");
        }
    }

    @Test
    void showsItsCertificateAndANewOneAfterRotation() throws Exception {
        TlsIdentity ec = TestCertificates.selfSigned(TestServer.DIRECTORY, "before", "EC");
        TlsIdentity rsa = TestCertificates.selfSigned(TestServer.DIRECTORY, "after", "RSA");
        java.util.concurrent.atomic.AtomicReference<TlsIdentity> identity = new java.util.concurrent.atomic.AtomicReference<>(ec);
        Handler who = exchange -> exchange.answer(200, Headers.EMPTY, exchange.peerCertificates().getFirst().getSubjectX500Principal().getName().getBytes(StandardCharsets.UTF_8));
        try (TestServer server = new TestServer(who);
                HttpClient client = new HttpClient(server.loops, ClientConfig.of(ClientTls.trusting(TestServer.IDENTITY.chain()).as(identity::get)), Timeline.system())) {
            try (HttpResponse response = client.send(HttpRequest.get(server.uri("/")))) {
                assertThat(text(response)).isEqualTo("CN=before");
            }
            identity.set(rsa);
            try (HttpResponse response = client.send(HttpRequest.get(server.uri("/")))) {
                assertThat(text(response)).isEqualTo("CN=after");
            }
        }
    }

    @Test
    void keepsItsConnectionWhenTheSameCertificateIsHandedOverAgain() throws Exception {
        TlsIdentity own = TestCertificates.selfSigned(TestServer.DIRECTORY, "again", "EC");
        java.util.Set<Integer> ports = java.util.concurrent.ConcurrentHashMap.newKeySet();
        Handler port = exchange -> {
            ports.add(((java.net.InetSocketAddress) exchange.remoteAddress()).getPort());
            exchange.answer(200, Headers.EMPTY, new byte[0]);
        };
        try (TestServer server = new TestServer(port);
                HttpClient client = new HttpClient(server.loops, ClientConfig.of(ClientTls.trusting(TestServer.IDENTITY.chain()).as(() -> new TlsIdentity(own.key(), own.chain()))), Timeline.system())) {
            for (int i = 0; i < 3; i++) {
                try (HttpResponse response = client.send(HttpRequest.get(server.uri("/")))) {
                    assertThat(response.status()).isEqualTo(200);
                }
            }
        }
        assertThat(ports).hasSize(1);
    }

    @Test
    void talksOverUnixSockets() throws Exception {
        java.nio.file.Path socket = java.nio.file.Files.createTempDirectory("j8s").resolve("s.sock");
        try (TestServer server = new TestServer(ServerConfig.unix(socket), ECHO);
                HttpClient client = new HttpClient(server.loops, ClientConfig.unix(socket), Timeline.system())) {
            for (int i = 0; i < 3; i++) {
                try (HttpResponse response = client.send(HttpRequest.of("POST", java.net.URI.create("http://localhost/x")).withBody(new byte[] {7}))) {
                    assertThat(response.readAll(10)).containsExactly(7);
                }
            }
            assertThat(java.nio.file.Files.getPosixFilePermissions(socket)).hasSize(2);
        }
        assertThat(socket).doesNotExist();
        java.nio.file.Files.delete(java.util.Objects.requireNonNull(socket.getParent()));
    }
}
