package io.j8s.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The server as the JDK's own HTTP client sees it, over both protocols.
@Timeout(30)
class ServerWithJdkClientTest {

    private static final Handler ECHO = exchange -> {
        byte[] body = exchange.body().readAllBytes();
        exchange.answer(200, Headers.of("content-type", "text/plain", "x-method", exchange.method(), "x-path", exchange.path(), "x-query", exchange.query(),
                "x-protocol", exchange.protocol(), "x-authority", exchange.authority()), body);
    };

    @ParameterizedTest
    @EnumSource(Version.class)
    void echoesMethodPathQueryAndBody(Version version) throws Exception {
        try (TestServer server = new TestServer(ECHO)) {
            HttpResponse<String> answer = server.jdkClient(version).send(HttpRequest.newBuilder(server.uri("/a%20b/c?x=1&y=%2F")).POST(BodyPublishers.ofString("hello")).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(answer.version()).isEqualTo(version);
            assertThat(answer.headers().firstValue("x-method")).hasValue("POST");
            assertThat(answer.headers().firstValue("x-path")).hasValue("/a%20b/c");
            assertThat(answer.headers().firstValue("x-query")).hasValue("x=1&y=%2F");
            assertThat(answer.headers().firstValue("x-authority")).hasValue("127.0.0.1:" + server.server.port());
            assertThat(answer.headers().firstValue("date")).isPresent();
            assertThat(answer.headers().firstValue("content-length")).hasValue("5");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void carriesLargeBodiesBothWays(Version version) throws Exception {
        byte[] large = new byte[5_000_000];
        new Random(1).nextBytes(large);
        try (TestServer server = new TestServer(ECHO)) {
            HttpClient client = server.jdkClient(version);
            for (int i = 0; i < 3; i++) {
                HttpResponse<byte[]> answer = client.send(HttpRequest.newBuilder(server.uri("/")).PUT(BodyPublishers.ofByteArray(large)).build(), BodyHandlers.ofByteArray());
                assertThat(answer.body()).isEqualTo(large);
            }
            HttpResponse<byte[]> unknownLength = client.send(
                    HttpRequest.newBuilder(server.uri("/")).PUT(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large))).build(), BodyHandlers.ofByteArray());
            assertThat(unknownLength.body()).isEqualTo(large);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void streamsPiecesAsTheyAreFlushed(Version version) throws Exception {
        CountDownLatch firstRead = new CountDownLatch(1);
        Handler handler = exchange -> {
            try (BodyWriter body = exchange.begin(200, Headers.of("content-type", "text/plain"))) {
                body.flush();
                body.write("first".getBytes(StandardCharsets.UTF_8));
                body.flush();
                firstRead.await();
                body.write("second".getBytes(StandardCharsets.UTF_8));
            }
        };
        try (TestServer server = new TestServer(handler)) {
            HttpResponse<InputStream> answer = server.jdkClient(version).send(HttpRequest.newBuilder(server.uri("/")).build(), BodyHandlers.ofInputStream());
            assertThat(new String(answer.body().readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("first");
            firstRead.countDown();
            assertThat(new String(answer.body().readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("second");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void interruptsTheHandlerWhenTheClientGoesAway(Version version) throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        AtomicReference<Boolean> seen = new AtomicReference<>();
        Handler handler = exchange -> {
            exchange.onClose(closed::countDown);
            try (BodyWriter body = exchange.begin(200, Headers.EMPTY)) {
                body.write(new byte[] {1});
                body.flush();
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                seen.set(exchange.closed());
                interrupted.countDown();
            }
        };
        try (TestServer server = new TestServer(handler)) {
            HttpResponse<InputStream> answer = server.jdkClient(version).send(HttpRequest.newBuilder(server.uri("/")).build(), BodyHandlers.ofInputStream());
            assertThat(answer.body().read()).isEqualTo(1);
            answer.body().close();
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(seen).hasValue(true);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void anEarlyAnswerToAnUnreadBodyArrives(Version version) throws Exception {
        try (TestServer server = new TestServer(exchange -> exchange.answer(413, Headers.EMPTY, "too much".getBytes(StandardCharsets.UTF_8)))) {
            HttpClient client = server.jdkClient(version);
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> answer = client.send(HttpRequest.newBuilder(server.uri("/")).POST(BodyPublishers.ofByteArray(new byte[100_000])).build(), BodyHandlers.ofString());
                assertThat(answer.statusCode()).isEqualTo(413);
                assertThat(answer.body()).isEqualTo("too much");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void answersAHandlerThatThrowsOrForgetsWith500(Version version) throws Exception {
        Handler handler = exchange -> {
            if (exchange.path().equals("/throw")) {
                throw new IllegalStateException("on purpose");
            }
        };
        try (TestServer server = new TestServer(handler)) {
            HttpClient client = server.jdkClient(version);
            for (String path : List.of("/throw", "/forget")) {
                assertThat(client.send(HttpRequest.newBuilder(server.uri(path)).build(), BodyHandlers.ofString()).statusCode()).isEqualTo(500);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void breaksOffAnAnswerWhoseHandlerThrows(Version version) throws Exception {
        Handler handler = exchange -> {
            BodyWriter body = exchange.begin(200, Headers.EMPTY);
            body.write(new byte[10]);
            body.flush();
            throw new IllegalStateException("on purpose");
        };
        try (TestServer server = new TestServer(handler)) {
            HttpClient client = server.jdkClient(version);
            assertThatThrownBy(() -> client.send(HttpRequest.newBuilder(server.uri("/")).build(), BodyHandlers.ofString())).isInstanceOf(java.io.IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void headHasNoBodyButItsLength(Version version) throws Exception {
        try (TestServer server = new TestServer(exchange -> exchange.answer(200, Headers.EMPTY, new byte[42]))) {
            HttpClient client = server.jdkClient(version);
            for (int i = 0; i < 2; i++) {
                HttpResponse<byte[]> answer = client.send(HttpRequest.newBuilder(server.uri("/")).HEAD().build(), BodyHandlers.ofByteArray());
                assertThat(answer.headers().firstValue("content-length")).hasValue("42");
                assertThat(answer.body()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aBodyPastTheLimitThrowsInTheHandler(Version version) throws Exception {
        Handler handler = exchange -> {
            try {
                exchange.body(1000).readAllBytes();
                exchange.answer(200, Headers.EMPTY, new byte[0]);
            } catch (BodyTooLargeException e) {
                exchange.answer(413, Headers.EMPTY, new byte[0]);
            }
        };
        try (TestServer server = new TestServer(handler)) {
            HttpClient client = server.jdkClient(version);
            assertThat(client.send(HttpRequest.newBuilder(server.uri("/")).POST(BodyPublishers.ofByteArray(new byte[1000])).build(), BodyHandlers.discarding()).statusCode()).isEqualTo(200);
            assertThat(client.send(HttpRequest.newBuilder(server.uri("/")).POST(BodyPublishers.ofByteArray(new byte[1001])).build(), BodyHandlers.discarding()).statusCode()).isEqualTo(413);
            HttpRequest chunked = HttpRequest.newBuilder(server.uri("/")).POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[5000]))).build();
            assertThat(client.send(chunked, BodyHandlers.discarding()).statusCode()).isEqualTo(413);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void waitsForTheHandlerBeforeAskingForABodyThatIsExpected(Version version) throws Exception {
        try (TestServer server = new TestServer(ECHO)) {
            HttpRequest request = HttpRequest.newBuilder(server.uri("/")).expectContinue(true).POST(BodyPublishers.ofString("later")).build();
            HttpClient client = server.jdkClient(version);
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("later");
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("later");
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void handsOverTheClientsCertificateWhoeverIssuedIt(Version version) throws Exception {
        TlsIdentity someone = TestCertificates.selfSigned(TestServer.DIRECTORY, "someone", "RSA");
        Handler handler = exchange -> exchange.answer(200, Headers.EMPTY,
                exchange.peerCertificates().toString().contains("CN=someone") ? new byte[] {1} : new byte[] {0});
        try (TestServer server = new TestServer(handler)) {
            for (int i = 0; i < 2; i++) { // the second connection may resume the first one's session
                try (HttpClient client = HttpClient.newBuilder().version(version).sslContext(TestServer.sslContext(someone)).build()) {
                    assertThat(client.send(HttpRequest.newBuilder(server.uri("/")).build(), BodyHandlers.ofByteArray()).body()).containsExactly(1);
                }
            }
            assertThat(server.jdkClient(version).send(HttpRequest.newBuilder(server.uri("/")).build(), BodyHandlers.ofByteArray()).body()).containsExactly(0);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void serves1000RequestsAtOnce(Version version) throws Exception {
        int count = version == Version.HTTP_2 ? 1000 : 100;
        CountDownLatch all = new CountDownLatch(count);
        Handler handler = exchange -> {
            all.countDown();
            all.await();
            exchange.answer(200, Headers.EMPTY, new byte[0]);
        };
        try (TestServer server = new TestServer(handler)) {
            HttpClient client = server.jdkClient(version);
            if (version == Version.HTTP_2) {
                // one connection for all of them
                CompletableFuture<HttpResponse<Void>> first = client.sendAsync(HttpRequest.newBuilder(server.uri("/")).build(), BodyHandlers.discarding());
                while (server.server.connections() == 0 && !first.isDone()) {
                    Thread.onSpinWait();
                }
            }
            List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
            for (int i = version == Version.HTTP_2 ? 1 : 0; i < count; i++) {
                answers.add(client.sendAsync(HttpRequest.newBuilder(server.uri("/" + i)).build(), BodyHandlers.discarding()));
            }
            for (CompletableFuture<HttpResponse<Void>> answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            }
        }
    }
}
