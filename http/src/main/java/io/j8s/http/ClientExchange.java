package io.j8s.http;

import io.j8s.runtime.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One request of a client and its answer, over either protocol.
///
/// Threads: the caller waits in [#await]; the event loop reports by [#answered] and [#failed]; anyone may [#cancel]. The monitor guards the outcome.
final class ClientExchange {

    /// What the exchange asks of its connection; carried out by the event loop.
    interface Wire {
        void send(@Nullable ByteBuf bytes, int size, boolean end);

        void consumed(int bytes);

        /// Breaks the exchange off.
        void cancel();
    }

    record Answer(int status, Headers headers, String protocol, InboundBytes body) {}

    final HttpRequest request;
    final OutboundBytes outbound;
    private final Timeline timeline;
    private final @Nullable Consumer<ChannelPipeline> upgrade;
    private @Nullable Wire wire;
    private @Nullable Answer answer;
    private @Nullable IOException failure;
    private boolean untouched;
    private boolean cancelled;

    /// @param upgrade what to put into the pipeline when the server switches protocols; null for an ordinary request
    ClientExchange(HttpRequest request, Timeline timeline, Duration stall, @Nullable Consumer<ChannelPipeline> upgrade) {
        this.request = request;
        this.timeline = timeline;
        this.upgrade = upgrade;
        this.outbound = new OutboundBytes(timeline, (bytes, size, end) -> wire().send(bytes, size, end), stall);
    }

    @Nullable Consumer<ChannelPipeline> upgrade() {
        return upgrade;
    }

    void connect(Wire newWire) {
        boolean late;
        synchronized (this) {
            wire = newWire;
            late = cancelled;
        }
        if (late) {
            newWire.cancel();
        }
    }

    private synchronized Wire wire() {
        if (wire == null) {
            throw new IllegalStateException("the exchange has no connection yet");
        }
        return wire;
    }

    // ---- the event loop's side

    synchronized void answered(Answer given) {
        if (answer == null) {
            answer = given;
        }
        notifyAll();
    }

    /// @param neverSeen whether the server certainly did nothing about the request, so that it may be sent again
    void failed(IOException cause, boolean neverSeen) {
        InboundBytes body;
        synchronized (this) {
            if (answer == null && failure == null) {
                failure = cause;
                untouched = neverSeen;
            }
            body = answer == null ? null : answer.body;
            notifyAll();
        }
        if (body != null) {
            body.fail(cause);
        }
        outbound.fail(cause);
    }

    // ---- the caller's side

    /// Sends a body that is in memory, in one piece: without waiting, for it takes no further memory.
    void sendWhole(byte[] bytes) {
        wire().send(bytes.length == 0 ? null : Unpooled.wrappedBuffer(bytes), 0, true);
    }

    /// The source of the body failed: the server must not take what it has for the whole.
    void bodyFailed(IOException cause) {
        failed(new IOException("the request's body failed: " + cause.getMessage(), cause), false);
        cancel();
    }

    /// The server takes no more of the body. When it answered before, that stands; else nothing will come any more.
    void bodyRefused(IOException cause) {
        boolean answered;
        synchronized (this) {
            answered = answer != null;
        }
        if (!answered) {
            bodyFailed(cause);
        }
    }

    /// Waits for the answer's header.
    Answer await() throws IOException, InterruptedException {
        Duration timeout = request.timeout();
        long begun = timeline.nanoTime();
        synchronized (this) {
            while (answer == null && failure == null) {
                if (timeout == null) {
                    wait();
                    continue;
                }
                long leftMillis = timeout.minusNanos(timeline.nanoTime() - begun).toMillis();
                if (leftMillis <= 0) {
                    failure = new InterruptedIOException(request.method() + " " + request.uri() + ": no answer within " + timeout.toMillis() + " ms");
                    break;
                }
                wait(leftMillis);
            }
            if (answer != null) {
                return answer;
            }
        }
        throw failure();
    }

    private synchronized IOException failure() {
        return failure == null ? new IOException("the request was cancelled") : failure;
    }

    synchronized boolean untouched() {
        return untouched;
    }

    void cancel() {
        Wire current;
        InboundBytes body;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            current = wire;
            body = answer == null ? null : answer.body;
        }
        IOException cause = new IOException(request.method() + " " + request.uri() + " was cancelled");
        if (body != null) {
            boolean whole = body.remaining() == 0;
            body.fail(cause);
            body.discard();
            if (whole) {
                return;
            }
        }
        failed(cause, false);
        if (current != null) {
            current.cancel();
        }
    }
}
