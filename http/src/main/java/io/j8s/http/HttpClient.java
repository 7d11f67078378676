package io.j8s.http;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.URI;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Sends requests over HTTP/2 or HTTP/1.1, whichever the server prefers, and keeps connections for the next ones: many requests share an HTTP/2 connection.
///
/// Calls block and may come from any thread. An interrupt, a timeout or closing the response breaks the request off at the server too. A request that a server certainly
/// did not look at (refused, or sent into a connection that had just ended) is sent again by itself.
public final class HttpClient implements AutoCloseable {

    private static final int ATTEMPTS = 3;
    private static final int LARGEST_MESSAGE_BYTES = 16 * 1024 * 1024;

    private final ClientConfig config;
    private final Timeline timeline;
    private final Dialer dialer;
    private final Map<String, Origin> origins = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public HttpClient(EventLoops loops, ClientConfig config, Timeline timeline) {
        this.config = config;
        this.timeline = timeline;
        this.dialer = new Dialer(loops, config, timeline);
    }

    /// An answer to a request for another protocol.
    ///
    /// @param stream null when the server did not switch: then the response says why
    public record Upgraded(HttpResponse response, @Nullable ByteStream stream) {}

    /// Sends a request and waits for the answer's header.
    public HttpResponse send(HttpRequest request) throws IOException, InterruptedException {
        for (int attempt = 1;; attempt++) {
            ClientConnection connection = origin(request.uri()).acquire(request.timeout());
            ClientExchange exchange = new ClientExchange(request, timeline, config.stall(), null);
            connection.start(exchange);
            try {
                return exchange(exchange);
            } catch (IOException e) {
                if (attempt == ATTEMPTS || !exchange.untouched() || !request.resendable()) {
                    throw e;
                }
            }
        }
    }

    /// Sends an HTTP/1.1 request to switch protocols, on a connection of its own; the request names the protocol in `upgrade`.
    public Upgraded upgrade(HttpRequest request) throws IOException, InterruptedException {
        AtomicReference<RawStream> stream = new AtomicReference<>();
        HttpResponse response = switching(request, channel -> {
            RawStream raw = new RawStream(channel, timeline, config.stall());
            stream.set(raw);
            return pipeline -> pipeline.addLast(raw);
        });
        return new Upgraded(response, response.status() == 101 ? stream.get() : null);
    }

    /// Opens a WebSocket, offering these subprotocols.
    ///
    /// @param uri `http` or `https`
    /// @throws WebSocketRefusedException when the server answers anything but an upgrade
    public WebSocket webSocket(URI uri, Headers headers, List<String> subprotocols) throws IOException, InterruptedException {
        byte[] nonce = new byte[16];
        timeline.random().nextBytes(nonce);
        String key = Base64.getEncoder().encodeToString(nonce);
        Headers handshake = headers.with("upgrade", "websocket").with("sec-websocket-version", "13").with("sec-websocket-key", key);
        if (!subprotocols.isEmpty()) {
            handshake = handshake.with("sec-websocket-protocol", String.join(", ", subprotocols));
        }
        AtomicReference<WebSocketLink> link = new AtomicReference<>();
        HttpResponse response = switching(HttpRequest.get(uri).with(handshake).within(config.connect()), channel -> {
            WebSocketLink fresh = new WebSocketLink(channel, timeline, config.stall());
            link.set(fresh);
            return pipeline -> fresh.install(pipeline, false, LARGEST_MESSAGE_BYTES);
        });
        WebSocketLink socket = link.get();
        if (response.status() != 101 || socket == null) {
            throw new WebSocketRefusedException(response);
        }
        String chosen = response.headers().getOr("sec-websocket-protocol", "");
        boolean accepted = WebSocketHandshake.acceptFor(key).equals(response.headers().get("sec-websocket-accept"));
        if (!accepted || !(chosen.isEmpty() || subprotocols.contains(chosen))) {
            socket.close(1002, "bad handshake");
            throw new ProtocolException(accepted ? "the server chose the subprotocol \"" + chosen + "\", which was not offered" : "the server's sec-websocket-accept is wrong");
        }
        socket.chose(chosen);
        return socket;
    }

    private HttpResponse switching(HttpRequest request, Function<Channel, Consumer<ChannelPipeline>> handler) throws IOException, InterruptedException {
        if (closed) {
            throw new IOException("the HTTP client is closed");
        }
        if (!(dialer.dial(request.uri(), true, () -> { }) instanceof Http1ClientConnection connection)) {
            throw new ProtocolException("the server insists on HTTP/2, which has no upgrades");
        }
        connection.reserve();
        connection.retireAfterUse();
        ClientExchange exchange = new ClientExchange(request, timeline, config.stall(), handler.apply(connection.channel()));
        connection.start(exchange);
        return exchange(exchange);
    }

    private HttpResponse exchange(ClientExchange exchange) throws IOException, InterruptedException {
        try (BodySender sender = sendBody(exchange)) {
            HttpResponse response = new HttpResponse(exchange, exchange.await());
            sender.letGo();
            return response;
        } catch (IOException | InterruptedException e) {
            exchange.cancel();
            throw e;
        }
    }

    private BodySender sendBody(ClientExchange exchange) {
        switch (exchange.request.body()) {
            case HttpRequest.Body.None none -> { }
            case HttpRequest.Body.Bytes bytes -> exchange.sendWhole(bytes.bytes());
            case HttpRequest.Body.Stream stream -> {
                return new BodySender(timeline.start("http-request-body", () -> pump(stream.from(), exchange)));
            }
        }
        return new BodySender(null);
    }

    /// When the source fails, so does the request. When the server takes no more, it may have answered already, without wanting the rest: then its answer counts.
    private static void pump(InputStream from, ClientExchange exchange) {
        byte[] buffer = new byte[32 * 1024];
        while (true) {
            int size;
            boolean more;
            try {
                size = from.read(buffer);
                more = size >= 0 && from.available() > 0;
            } catch (IOException e) {
                exchange.bodyFailed(e);
                return;
            }
            try {
                if (size < 0) {
                    exchange.outbound.end();
                    return;
                }
                exchange.outbound.write(Arrays.copyOf(buffer, size), 0, size);
                if (!more) {
                    exchange.outbound.flush();
                }
            } catch (IOException e) {
                exchange.bodyRefused(e);
                return;
            }
        }
    }

    /// Ends the sending of a body when its request fails before an answer.
    private static final class BodySender implements AutoCloseable {
        private @Nullable Task task;

        BodySender(@Nullable Task task) {
            this.task = task;
        }

        void letGo() {
            task = null;
        }

        @Override
        public void close() {
            if (task != null) {
                task.cancel();
            }
        }
    }

    private Origin origin(URI uri) throws IOException {
        if (closed) {
            throw new IOException("the HTTP client is closed");
        }
        String scheme = String.valueOf(uri.getScheme());
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new ProtocolException("cannot send to " + uri + ": the scheme must be http or https");
        }
        return origins.computeIfAbsent(scheme + "://" + uri.getRawAuthority(), key -> new Origin(uri, dialer, config.connections(), timeline));
    }

    /// Closes all connections; requests under way fail.
    @Override
    public void close() {
        closed = true;
        origins.values().forEach(Origin::close);
    }
}
