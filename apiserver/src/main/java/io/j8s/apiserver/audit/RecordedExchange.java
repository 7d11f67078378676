package io.j8s.apiserver.audit;

import io.j8s.http.BodyWriter;
import io.j8s.http.ByteStream;
import io.j8s.http.Exchange;
import io.j8s.http.ForwardingExchange;
import io.j8s.http.Headers;
import io.j8s.http.ObservedBody;
import io.j8s.http.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// An exchange whose answer is kept, as far as the level asks for and up to a limit, while it passes through. Short answers that tell an outcome (a Status) are always kept.
final class RecordedExchange implements ForwardingExchange {

    private static final int MOST_KEPT_BYTES = 4 << 20;
    /// An answer of this size may be a Status; larger ones are not looked at.
    private static final int LONGEST_OUTCOME_BYTES = 4096;
    private static final int SWITCHING_PROTOCOLS = 101;

    private final Exchange exchange;
    private final AuditLevel level;
    private final boolean streams;
    private final Runnable streaming;
    private final ByteArrayOutputStream response = new ByteArrayOutputStream(0);
    private boolean cut;
    private Headers responseHeaders = Headers.EMPTY;
    private int status;

    /// @param streams whether an answer in parts has no end in sight
    /// @param streaming called when an answer begins whose end is not in sight
    RecordedExchange(Exchange exchange, AuditLevel level, boolean streams, Runnable streaming) {
        this.exchange = exchange;
        this.level = level;
        this.streams = streams;
        this.streaming = streaming;
    }

    @Override
    public Exchange exchange() {
        return exchange;
    }

    /// 0: nothing was answered.
    int status() {
        return status;
    }

    Headers responseHeaders() {
        return responseHeaders;
    }

    /// Empty when it was too large to be kept.
    byte[] responseBytes() {
        return cut ? new byte[0] : response.toByteArray();
    }

    private void keepResponse(byte[] bytes, int offset, int length) {
        boolean wanted = status >= 400 || level.atLeast(AuditLevel.REQUEST_RESPONSE) || (response.size() + length <= LONGEST_OUTCOME_BYTES && !method().equals("GET"));
        if (wanted && response.size() + length <= MOST_KEPT_BYTES) {
            response.write(bytes, offset, length);
        } else {
            cut = true;
        }
    }

    @Override
    public void answer(int status, Headers headers, byte[] body) throws IOException {
        this.status = status;
        responseHeaders = headers;
        keepResponse(body, 0, body.length);
        if (streams) {
            streaming.run();
        }
        exchange.answer(status, headers, body);
    }

    @Override
    public BodyWriter begin(int status, Headers headers) throws IOException {
        this.status = status;
        responseHeaders = headers;
        BodyWriter body = exchange.begin(status, headers);
        if (streams) {
            cut = true;
            streaming.run();
            return body;
        }
        return new ObservedBody(body, this::keepResponse);
    }

    @Override
    public ByteStream upgrade(Headers headers) throws IOException {
        status = SWITCHING_PROTOCOLS;
        streaming.run();
        return exchange.upgrade(headers);
    }

    @Override
    public WebSocket acceptWebSocket(@Nullable String subprotocol) throws IOException {
        status = SWITCHING_PROTOCOLS;
        streaming.run();
        return exchange.acceptWebSocket(subprotocol);
    }
}
