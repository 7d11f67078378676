package io.j8s.apiserver.streaming;

import io.j8s.apiserver.status.Refusal;
import io.j8s.http.BodyWriter;
import io.j8s.http.ByteStream;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.http.WebSocket;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.Arrays;

/// Carries an upgraded connection (WebSocket, SPDY, whatever both ends agree on) to another server, byte by byte. When one side ends, so does the other.
///
/// The exchange's thread copies one way, a task the other; each holds one buffer.
final class Passage {

    private static final String TUNNEL = "SPDY/3.1+portforward.k8s.io";
    private static final String FORWARDING = "portforward.k8s.io";
    private static final int BUFFER_BYTES = 32 * 1024;
    private static final int NORMAL_CLOSURE = 1000;

    private final HttpClient client;
    private final Timeline timeline;

    Passage(HttpClient client, Timeline timeline) {
        this.client = client;
        this.timeline = timeline;
    }

    /// Asks the other server for the upgrade that the client asks for, and carries bytes once it agreed; else hands back its answer.
    void open(Exchange exchange, URI target) throws IOException, InterruptedException {
        open(exchange, target, Passing.onwards(exchange));
    }

    /// The same, with these fields for the other server.
    void open(Exchange exchange, URI target, Headers onwards) throws IOException, InterruptedException {
        if (!exchange.upgradable()) {
            throw Refusal.badRequest("Upgrade request required");
        }
        Headers headers = onwards.with("upgrade", exchange.headers().getOr("upgrade", ""));
        HttpClient.Upgraded upgraded = dial(HttpRequest.of(exchange.method(), target).with(headers));
        try (HttpResponse response = upgraded.response(); ByteStream backend = upgraded.stream()) {
            if (backend == null) {
                handBack(exchange, response);
                return;
            }
            Headers agreed = Passing.back(response.headers()).without("content-length").with("upgrade", response.headers().getOr("upgrade", ""));
            try (ByteStream front = exchange.upgrade(agreed)) {
                carry(front, backend);
            }
        }
    }

    /// Whether the client speaks SPDY inside a WebSocket.
    static boolean tunnels(Exchange exchange) {
        return exchange.upgradable() && exchange.headers().lists("upgrade", "websocket") && exchange.headers().lists("sec-websocket-protocol", TUNNEL);
    }

    /// Takes SPDY out of the client's WebSocket, for kubelets that speak SPDY only (KEP-4006).
    void openTunnel(Exchange exchange, URI target) throws IOException, InterruptedException {
        Headers headers = Headers.of("upgrade", "SPDY/3.1", "x-stream-protocol-version", FORWARDING);
        HttpClient.Upgraded upgraded = dial(HttpRequest.of("POST", target).with(headers));
        try (HttpResponse response = upgraded.response(); ByteStream backend = upgraded.stream()) {
            if (backend == null) {
                handBack(exchange, response);
                return;
            }
            try (WebSocket front = exchange.acceptWebSocket(TUNNEL)) {
                unwrap(front, backend);
            }
        }
    }

    private HttpClient.Upgraded dial(HttpRequest request) throws InterruptedException {
        try {
            return client.upgrade(request);
        } catch (IOException e) {
            throw Passing.unreachable("error dialing backend", e);
        }
    }

    private static void handBack(Exchange exchange, HttpResponse response) throws IOException {
        if (response.status() < 400) {
            throw new Refusal(500, "", "invalid upgrade response: status code " + response.status(), Refusal.Details.NONE);
        }
        try (BodyWriter body = exchange.begin(response.status(), Passing.back(response.headers()))) {
            Passing.copy(response.body(), body);
        }
    }

    private void carry(ByteStream front, ByteStream backend) throws IOException {
        Task back = timeline.start("stream back", () -> {
            try (front) {
                copyUntilOneEnds(backend.input(), front.output());
            }
        });
        try {
            copyUntilOneEnds(front.input(), backend.output());
        } finally {
            backend.close();
            back.close();
        }
    }

    private static void copyUntilOneEnds(InputStream from, OutputStream to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            for (int size = from.read(buffer); size >= 0; size = from.read(buffer)) {
                to.write(buffer, 0, size);
                to.flush();
            }
        } catch (IOException e) {
            // one side is gone, which is how such connections end: the other is closed by the caller
        }
    }

    private void unwrap(WebSocket front, ByteStream backend) throws IOException, InterruptedException {
        Task back = timeline.start("stream back", () -> {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int size = backend.input().read(buffer); size >= 0; size = backend.input().read(buffer)) {
                front.sendBinary(Arrays.copyOf(buffer, size), 0, size);
            }
            front.close(NORMAL_CLOSURE, "");
        });
        try {
            for (WebSocket.Message message = front.receive(); message != null; message = front.receive()) {
                backend.output().write(message.bytes());
                backend.output().flush();
            }
        } finally {
            backend.close();
            back.close();
        }
    }
}
