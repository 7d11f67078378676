package io.j8s.http;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A WebSocket (RFC 6455). Pings are answered by the edge. One thread receives; sends may come from any thread.
public interface WebSocket extends Closeable {

    /// The agreed subprotocol; empty for none.
    String subprotocol();

    /// The next message, whole; null after the peer's close frame or the connection's end ([#closeCode] tells which). Throws when the peer broke the protocol
    /// or sent a message past the limit.
    @Nullable Message receive() throws IOException, InterruptedException;

    /// Sends a binary message; blocks while the peer does not take it.
    void sendBinary(byte[] bytes, int offset, int length) throws IOException;

    void sendText(String text) throws IOException;

    /// Sends a ping; the peer's answer shows only as life on the connection.
    void ping() throws IOException;

    /// The code of the peer's close frame, after [#receive] answered null; 1005: a close frame without a code, 1006: none came.
    int closeCode();

    /// The reason in the peer's close frame; empty without one.
    String closeReason();

    /// Sends a close frame with this code (RFC 6455 section 7.4) and reason, and closes. Only the first close counts.
    void close(int code, String reason);

    /// Closes with code 1000.
    @Override
    void close();

    /// A received message.
    record Message(boolean text, byte[] bytes) {}
}
