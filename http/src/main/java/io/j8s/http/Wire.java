package io.j8s.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What an exchange asks of its connection. Called by the exchange's thread, carried out by the event loop in the order of the calls.
interface Wire {

    /// Sends a head, bytes, the end, or all of them together. The exchange is told by [ServerExchange#sent] when the bytes have left.
    void send(@Nullable Head head, @Nullable ByteBuf bytes, int size, boolean end);

    /// Sends `100 Continue`.
    void sendContinue();

    /// The exchange's thread took so many bytes of the body.
    void consumed(int bytes);

    /// Breaks the exchange off: the client shall see that the answer is not whole.
    void reset();

    ByteStream upgrade(Headers headers) throws IOException;

    WebSocket acceptWebSocket(Headers headers, String subprotocol) throws IOException;

    /// @param contentLength negative: not known
    record Head(int status, Headers headers, long contentLength) {}
}
