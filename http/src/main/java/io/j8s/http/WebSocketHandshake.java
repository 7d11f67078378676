package io.j8s.http;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The opening handshake of RFC 6455 section 4.
final class WebSocketHandshake {

    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private WebSocketHandshake() {}

    /// The server's answer fields, without `connection`.
    static Headers accept(Headers request, @Nullable String subprotocol) throws ProtocolException {
        String key = request.getOr("sec-websocket-key", "");
        if (!request.lists("upgrade", "websocket") || key.isEmpty()) {
            throw new ProtocolException("not a WebSocket handshake: it needs upgrade: websocket and sec-websocket-key");
        }
        String version = request.getOr("sec-websocket-version", "");
        if (!version.equals("13")) {
            throw new ProtocolException("WebSocket version \"" + version + "\" is not known; use 13");
        }
        Headers answer = Headers.of("upgrade", "websocket", "sec-websocket-accept", acceptFor(key));
        if (subprotocol == null) {
            return answer;
        }
        if (!request.lists("sec-websocket-protocol", subprotocol)) {
            throw new ProtocolException("the client did not offer the WebSocket subprotocol \"" + subprotocol + "\" but: " + request.all("sec-websocket-protocol"));
        }
        return answer.with("sec-websocket-protocol", subprotocol);
    }

    static String acceptFor(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-1", e);
        }
    }
}
