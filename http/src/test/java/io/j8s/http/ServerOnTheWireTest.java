package io.j8s.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// HTTP/1.1 byte by byte, limits, and the server's beginning and end.
@Timeout(30)
class ServerOnTheWireTest {

    private static final Handler ECHO = exchange -> exchange.answer(200, Headers.of("x-path", exchange.path()), exchange.body().readAllBytes());
    private static final ServerLimits QUICK = ServerLimits.DEFAULT.withTimeouts(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(5));

    private static TestServer plaintext(ServerLimits limits, Handler handler) throws IOException {
        return new TestServer(ServerConfig.plaintext("127.0.0.1", 0).withLimits(limits), handler);
    }

    /// Sends the text and reads until the server ends the connection.
    private static String talk(TestServer server, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        try (TestServer server = plaintext(ServerLimits.DEFAULT, ECHO)) {
            String answers = talk(server, "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                    + "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
                    + "POST /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\nTrailer: x\r\n\r\n"
                    + "GET /4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(answers.indexOf("x-path: /1")).isLessThan(answers.indexOf("x-path: /2"));
            assertThat(answers.indexOf("x-path: /2")).isLessThan(answers.indexOf("x-path: /3"));
            assertThat(answers).contains("\r\n\r\nabc").contains("\r\n\r\ndef").contains("x-path: /4").contains("connection: close");
        }
    }

    @Test
    void refusesMalformedAndOversizedHeads() throws Exception {
        AtomicInteger handled = new AtomicInteger();
        Handler counting = exchange -> {
            handled.incrementAndGet();
            ECHO.handle(exchange);
        };
        try (TestServer server = plaintext(ServerLimits.DEFAULT.withHeaderBytes(4096), counting)) {
            assertThat(talk(server, "GET / HTTP/1.1\r\nHost: x\r\nBig: " + "a".repeat(5000) + "\r\n\r\n")).startsWith("HTTP/1.1 431 ");
            assertThat(talk(server, "GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 431 ");
            assertThat(talk(server, "GET / HTTP/1.1\r\nBad Name: x\r\n\r\n")).startsWith("HTTP/1.1 400 ");
            assertThat(talk(server, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")).startsWith("HTTP/1.1 400 ");
            assertThat(handled).hasValue(0);
        }
    }

    @Test
    void answersOldClientsUntilTheConnectionsEnd() throws Exception {
        Handler streaming = exchange -> {
            try (BodyWriter body = exchange.begin(200, Headers.EMPTY)) {
                body.write("unknown length".getBytes(StandardCharsets.UTF_8));
                body.flush();
            }
        };
        try (TestServer server = plaintext(ServerLimits.DEFAULT, streaming)) {
            assertThat(talk(server, "GET / HTTP/1.0\r\n\r\n")).doesNotContain("chunked").endsWith("\r\n\r\nunknown length");
        }
    }

    @Test
    void sendsContinueOnlyWhenTheBodyIsRead() throws Exception {
        Handler choosy = exchange -> {
            if (exchange.path().equals("/no")) {
                exchange.answer(403, Headers.EMPTY, new byte[0]);
            } else {
                ECHO.handle(exchange);
            }
        };
        try (TestServer server = plaintext(ServerLimits.DEFAULT, choosy)) {
            assertThat(talk(server, "POST /no HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")).startsWith("HTTP/1.1 403 ").contains("connection: close");
            try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
                socket.getOutputStream().write("POST /yes HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readNBytes(25), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
                socket.getOutputStream().write("abc".getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void closesConnectionsThatTrickleOrIdle() throws Exception {
        for (String begun : new String[] {"", "G", "GET / HTTP/1.1\r\nHost: x\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}) {
            try (TestServer server = plaintext(QUICK, ECHO)) {
                talk(server, begun); // returns when the server has ended it
            }
        }
        try (TestServer server = new TestServer(QUICK, ECHO)) {
            talk(server, ""); // no handshake
            talk(server, "GET / HTTP/1.1\r\n\r\n"); // no TLS at all
        }
    }

    @Test
    void takesHttp2WithoutTlsFromClientsThatKnowIt() throws Exception {
        try (TestServer server = plaintext(ServerLimits.DEFAULT, exchange -> exchange.answer(200, Headers.EMPTY, exchange.protocol().getBytes(StandardCharsets.US_ASCII)));
                Socket socket = new Socket("127.0.0.1", server.server.port())) {
            byte[] frame = {0, 0, 3, 1, 5, 0, 0, 0, 1, (byte) 0x82, (byte) 0x84, (byte) 0x86}; // GET, /, http
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            socket.getOutputStream().write(frame);
            InputStream in = socket.getInputStream();
            StringBuilder seen = new StringBuilder();
            while (!seen.toString().endsWith("HTTP/2")) {
                seen.append((char) in.read());
            }
        }
    }

    @Test
    void interruptsTheHandlerOfAnHttp1ClientThatEndsItsSide() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Handler waiting = exchange -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        };
        try (TestServer server = plaintext(ServerLimits.DEFAULT, waiting)) {
            try (Socket socket = new Socket("127.0.0.1", server.server.port())) {
                socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                begun.await();
            }
            assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void shutsDownGracefully() throws Exception {
        for (boolean http1 : new boolean[] {false, true}) {
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch mayAnswer = new CountDownLatch(1);
            Handler slow = exchange -> {
                begun.countDown();
                mayAnswer.await();
                exchange.answer(200, Headers.EMPTY, "done".getBytes(StandardCharsets.US_ASCII));
            };
            TestServer server = new TestServer(slow);
            ClientConfig config = ClientConfig.of(ClientTls.INSECURE);
            try (EventLoops loops = new EventLoops(1); HttpClient client = new HttpClient(loops, http1 ? config.overHttp1() : config, Timeline.system())) {
                AtomicReference<String> answer = new AtomicReference<>("");
                Task request = Timeline.system().start("request", () -> {
                    try (HttpResponse response = client.send(HttpRequest.get(server.uri("/")))) {
                        answer.set(new String(response.readAll(100), StandardCharsets.US_ASCII));
                    }
                });
                begun.await();
                Task shutdown = Timeline.system().start("shutdown", () -> server.server.shutdown(Duration.ofSeconds(10)));
                while (accepts(server.server.port())) {
                    Thread.onSpinWait();
                }
                assertThat(shutdown.done()).isFalse();
                mayAnswer.countDown();
                request.join();
                shutdown.join();
                assertThat(answer).hasValue("done");
                assertThat(server.server.connections()).isZero();
            } finally {
                server.close();
            }
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    void endsWhatDoesNotFinishWithinTheGrace() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Handler stuck = exchange -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        };
        TestServer server = new TestServer(stuck);
        try (EventLoops loops = new EventLoops(1); HttpClient client = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE), Timeline.system())) {
            Task request = Timeline.system().start("request", () -> {
                try (HttpResponse response = client.send(HttpRequest.get(server.uri("/")))) {
                    assertThat(response).isNull();
                } catch (IOException expected) {
                    assertThat(expected).hasMessageContaining("connection broke");
                }
            });
            begun.await();
            server.server.shutdown(Duration.ofMillis(100));
            assertThat(interrupted.getCount()).isZero();
            request.join();
        } finally {
            server.close();
        }
    }

    @Test
    void saysWhoHoldsThePort() throws Exception {
        try (TestServer first = plaintext(ServerLimits.DEFAULT, ECHO)) {
            int port = first.server.port();
            assertThatThrownBy(() -> new TestServer(ServerConfig.plaintext("127.0.0.1", port), ECHO)).isInstanceOf(BindException.class)
                    .hasMessageContaining("127.0.0.1:" + port).hasMessageContaining("process " + ProcessHandle.current().pid());
        }
    }

    @Test
    void servesANewCertificateWithoutARestart() throws Exception {
        AtomicReference<TlsIdentity> identity = new AtomicReference<>(TestServer.IDENTITY);
        TlsIdentity renewed = TestCertificates.selfSigned(TestServer.DIRECTORY, "renewed", "RSA");
        try (TestServer server = new TestServer(ServerConfig.https("127.0.0.1", 0, ServerTls.of(identity::get)), ECHO)) {
            try (HttpClient old = new HttpClient(server.loops, ClientConfig.of(ClientTls.trusting(TestServer.IDENTITY.chain())), Timeline.system())) {
                old.send(HttpRequest.get(server.uri("/"))).close();
                identity.set(renewed);
                try (HttpClient fresh = new HttpClient(server.loops, ClientConfig.of(ClientTls.trusting(renewed.chain())), Timeline.system())) {
                    fresh.send(HttpRequest.get(server.uri("/"))).close();
                }
                old.send(HttpRequest.get(server.uri("/"))).close(); // the old connection goes on
            }
        }
    }

    @Test
    void refusesConnectionsPastTheLimit() throws Exception {
        try (TestServer server = plaintext(ServerLimits.DEFAULT.withConnections(1), ECHO); Socket first = new Socket("127.0.0.1", server.server.port())) {
            first.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(first.getInputStream().read()).isEqualTo('H');
            assertThatThrownBy(() -> {
                if (talk(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").isEmpty()) {
                    throw new IOException("closed");
                }
            }).isInstanceOf(IOException.class);
        }
    }

    @Test
    void headersThatWouldForgeOthersAreRefused() {
        assertThatThrownBy(() -> Headers.of("a", "b\r\nc: d")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("line break");
        assertThatThrownBy(() -> Headers.of("a b", "c")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("\"a b\"");
        assertThat(Headers.of("Connection", "keep-alive, Upgrade").lists("connection", "upgrade")).isTrue();
    }
}
