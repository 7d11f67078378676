package io.j8s.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Raw upgrades and WebSockets, with our client and the JDK's.
@Timeout(30)
class UpgradeTest {

    private static final Handler RAW_ECHO = exchange -> {
        try (ByteStream stream = exchange.upgrade(Headers.of("upgrade", "SPDY/3.1"))) {
            stream.input().transferTo(stream.output());
            stream.closeOutput();
        }
    };

    private static final Handler SOCKET_ECHO = exchange -> {
        try (WebSocket socket = exchange.acceptWebSocket(exchange.headers().get("sec-websocket-protocol") == null ? null : "v5.channel.k8s.io")) {
            for (WebSocket.Message message = socket.receive(); message != null; message = socket.receive()) {
                if (message.text()) {
                    socket.sendText(new String(message.bytes(), StandardCharsets.UTF_8));
                } else {
                    socket.sendBinary(message.bytes(), 0, message.bytes().length);
                }
            }
        }
    };

    private static HttpClient client(TestServer server) {
        return new HttpClient(server.loops, ClientConfig.of(ClientTls.trusting(TestServer.IDENTITY.chain())), Timeline.system());
    }

    @Test
    void aRawUpgradeCarriesBytesBothWaysAndEndsEachDirection() throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(3).nextBytes(large);
        for (boolean tls : new boolean[] {true, false}) {
            try (TestServer server = tls ? new TestServer(RAW_ECHO) : new TestServer(ServerConfig.plaintext("127.0.0.1", 0), RAW_ECHO); HttpClient client = client(server)) {
                URI uri = URI.create((tls ? "https" : "http") + "://127.0.0.1:" + server.server.port() + "/exec");
                HttpClient.Upgraded upgraded = client.upgrade(HttpRequest.of("POST", uri).withHeader("upgrade", "SPDY/3.1"));
                assertThat(upgraded.response().status()).isEqualTo(101);
                try (ByteStream stream = java.util.Objects.requireNonNull(upgraded.stream())) {
                    Timeline.system().start("sender", () -> {
                        stream.output().write(large);
                        stream.closeOutput();
                    });
                    assertThat(stream.input().readAllBytes()).isEqualTo(large);
                }
            }
        }
    }

    @Test
    void aRefusedUpgradeShowsTheAnswer() throws Exception {
        try (TestServer server = new TestServer(exchange -> exchange.answer(403, Headers.EMPTY, "no".getBytes(StandardCharsets.UTF_8))); HttpClient client = client(server)) {
            HttpClient.Upgraded refused = client.upgrade(HttpRequest.of("POST", server.uri("/exec")).withHeader("upgrade", "SPDY/3.1"));
            assertThat(refused.stream()).isNull();
            assertThat(refused.response().status()).isEqualTo(403);
            assertThat(refused.response().readAll(100)).asString().isEqualTo("no");
            assertThatThrownBy(() -> client.webSocket(server.uri("/"), Headers.EMPTY, List.of())).isInstanceOf(WebSocketRefusedException.class).hasMessageContaining("403");
        }
    }

    @Test
    void anUpgradeOverHttp2IsRefusedWithAReason() throws Exception {
        Handler handler = exchange -> {
            assertThat(exchange.upgradable()).isFalse();
            try {
                exchange.upgrade(Headers.of("upgrade", "SPDY/3.1")).close();
            } catch (java.net.ProtocolException e) {
                exchange.answer(400, Headers.EMPTY, String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
            }
        };
        try (TestServer server = new TestServer(handler); HttpClient client = client(server); HttpResponse response = client.send(HttpRequest.get(server.uri("/")))) {
            assertThat(response.readAll(1000)).asString().contains("use HTTP/1.1");
        }
    }

    @Test
    void ourWebSocketClientAndServerEchoMessages() throws Exception {
        byte[] large = new byte[1_000_000];
        new Random(4).nextBytes(large);
        try (TestServer server = new TestServer(SOCKET_ECHO); HttpClient client = client(server)) {
            try (WebSocket socket = client.webSocket(server.uri("/"), Headers.EMPTY, List.of("v4.channel.k8s.io", "v5.channel.k8s.io"))) {
                assertThat(socket.subprotocol()).isEqualTo("v5.channel.k8s.io");
                socket.sendText("grüß");
                socket.ping();
                socket.sendBinary(large, 0, large.length);
                assertThat(text(socket.receive())).isEqualTo("grüß");
                assertThat(java.util.Objects.requireNonNull(socket.receive()).bytes()).isEqualTo(large);
                socket.close(1000, "bye");
                assertThat(socket.receive()).isNull();
                assertThat(socket.closeCode()).isEqualTo(1000);
            }
        }
    }

    private static String text(WebSocket.@Nullable Message message) {
        return new String(java.util.Objects.requireNonNull(message).bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void theServersCloseCodeAndReasonArrive() throws Exception {
        Handler closer = exchange -> {
            WebSocket socket = exchange.acceptWebSocket(null);
            socket.sendText("last");
            socket.close(4001, "because");
            assertThat(socket.receive()).isNull();
        };
        try (TestServer server = new TestServer(closer); HttpClient client = client(server); WebSocket socket = client.webSocket(server.uri("/"), Headers.EMPTY, List.of())) {
            assertThat(text(socket.receive())).isEqualTo("last");
            assertThat(socket.receive()).isNull();
            assertThat(socket.closeCode()).isEqualTo(4001);
            assertThat(socket.closeReason()).isEqualTo("because");
            assertThatThrownBy(() -> socket.sendText("x")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void theJdksWebSocketClientSendsFragmentsAndPings() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (TestServer server = new TestServer(SOCKET_ECHO)) {
            java.net.http.HttpClient jdk = server.jdkClient(java.net.http.HttpClient.Version.HTTP_1_1);
            java.net.http.WebSocket socket = jdk.newWebSocketBuilder().subprotocols("v5.channel.k8s.io")
                    .buildAsync(URI.create("wss://127.0.0.1:" + server.server.port() + "/"), new Recorder(events)).get(10, TimeUnit.SECONDS);
            assertThat(socket.getSubprotocol()).isEqualTo("v5.channel.k8s.io");
            socket.sendText("one ", false).join();
            socket.sendPing(ByteBuffer.wrap(new byte[] {1, 2})).join();
            socket.sendText("two ", false).join();
            socket.sendText("three", true).join();
            assertThat(List.of(take(events), take(events))).containsExactlyInAnyOrder("pong 2", "text one two three");
            socket.sendBinary(ByteBuffer.allocate(70_000), true).join();
            assertThat(take(events)).isEqualTo("binary 70000");
            socket.sendClose(1001, "away").join();
            assertThat(take(events)).isEqualTo("close 1001");
        }
    }

    private static String take(BlockingQueue<String> events) throws InterruptedException {
        return java.util.Objects.requireNonNull(events.poll(10, TimeUnit.SECONDS));
    }

    private static final class Recorder implements java.net.http.WebSocket.Listener {
        private final BlockingQueue<String> events;
        private final StringBuilder text = new StringBuilder();
        private int binary;

        Recorder(BlockingQueue<String> events) {
            this.events = events;
        }

        @Override
        public @Nullable CompletionStage<?> onText(java.net.http.WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                events.add("text " + text);
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(java.net.http.WebSocket socket, ByteBuffer data, boolean last) {
            binary += data.remaining();
            if (last) {
                events.add("binary " + binary);
                binary = 0;
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(java.net.http.WebSocket socket, ByteBuffer message) {
            events.add("pong " + message.remaining());
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(java.net.http.WebSocket socket, int code, String reason) {
            events.add("close " + code);
            return null;
        }
    }

    @Test
    void theEndOfAnUpgradedConnectionIsSeenByItsHandler() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Handler handler = exchange -> {
            exchange.onClose(closed::countDown);
            ByteStream stream = exchange.upgrade(Headers.of("upgrade", "x"));
            stream.output().write(1);
            if (stream.input().read() < 0) {
                ended.countDown();
            }
        };
        try (TestServer server = new TestServer(handler); HttpClient client = client(server)) {
            HttpClient.Upgraded upgraded = client.upgrade(HttpRequest.get(server.uri("/")).withHeader("upgrade", "x"));
            ByteStream stream = java.util.Objects.requireNonNull(upgraded.stream());
            assertThat(stream.input().read()).isEqualTo(1);
            stream.close();
            assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }
}
