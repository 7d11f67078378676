package io.j8s.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.runtime.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientExchangeTest {
    private boolean cancelled;

    private ClientExchange exchange() {
        ClientExchange exchange = new ClientExchange(HttpRequest.of("POST", URI.create("http://localhost/")), Timeline.system(), Duration.ofSeconds(1), null);
        exchange.connect(new ClientExchange.Wire() {
            @Override
            public void send(@Nullable ByteBuf bytes, int size, boolean end) {}

            @Override
            public void consumed(int bytes) {}

            @Override
            public void cancel() {
                cancelled = true;
            }
        });
        return exchange;
    }

    /// A server may answer without reading all of the request, and then takes no more of it (RFC 9113 section 8.1).
    @Test
    void an_answer_stands_when_the_server_takes_no_more_of_the_body() throws Exception {
        ClientExchange exchange = exchange();
        InboundBytes body = new InboundBytes(-1, Long.MAX_VALUE, taken -> {});
        body.offer(Unpooled.wrappedBuffer("enough".getBytes(StandardCharsets.UTF_8)));
        body.end();
        exchange.answered(new ClientExchange.Answer(200, Headers.EMPTY, "HTTP/2", body));
        exchange.bodyRefused(new IOException("the server reset the request (NO_ERROR)"));
        assertThat(exchange.await().body().readAllBytes()).asString().isEqualTo("enough");
        assertThat(cancelled).isFalse();
    }

    @Test
    void a_request_whose_body_is_refused_without_an_answer_fails() {
        ClientExchange exchange = exchange();
        exchange.bodyRefused(new IOException("no room"));
        assertThatThrownBy(exchange::await).isInstanceOf(IOException.class).hasMessageContaining("no room");
        assertThat(cancelled).isTrue();
    }
}
