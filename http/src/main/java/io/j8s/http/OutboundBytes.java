package io.j8s.http;

import io.j8s.runtime.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Bytes on their way from one blocking writer to an event loop: small writes are joined, large ones passed on by reference, and
/// the writer waits while too many are under way, so that a slow reader costs a bounded amount of memory. An idle one holds no buffer.
/// The monitor guards the count of bytes under way and the failure.
final class OutboundBytes {

    /// Hands bytes to the event loop. The loop calls [#written] with their number when they have left or failed.
    @FunctionalInterface
    interface Sender {
        void send(@Nullable ByteBuf bytes, int size, boolean end);
    }

    /// Copying fewer bytes than these is cheaper than sending them as a buffer of their own.
    private static final int REFERENCE_FROM_BYTES = 2048;
    private static final int SEND_FROM_BYTES = 64 * 1024;
    private static final int MOST_UNDER_WAY_BYTES = 256 * 1024;

    private final Timeline timeline;
    private final Sender sender;
    private final Duration stall;
    private final List<ByteBuf> held = new ArrayList<>(2);
    private int heldBytes;
    private byte @Nullable [] small;
    private int smallLength;
    private boolean ended;

    private long underWay;
    private @Nullable IOException failure;

    /// @param stall how long a write waits for a peer that takes nothing
    OutboundBytes(Timeline timeline, Sender sender, Duration stall) {
        this.timeline = timeline;
        this.sender = sender;
        this.stall = stall;
    }

    // ---- the writer's side

    void write(byte[] bytes, int offset, int length) throws IOException {
        if (ended) {
            throw new IOException("a write after the end of the body");
        }
        if (length >= REFERENCE_FROM_BYTES) {
            setSmallAside();
            held.add(Unpooled.wrappedBuffer(bytes, offset, length));
        } else {
            join(bytes, offset, length);
        }
        heldBytes += length;
        if (heldBytes >= SEND_FROM_BYTES) {
            send(false);
        }
    }

    void flush() throws IOException {
        if (!ended) {
            send(false);
        }
    }

    void end() throws IOException {
        if (!ended) {
            ended = true;
            send(true);
        }
    }

    boolean hasEnded() {
        return ended;
    }

    private void join(byte[] bytes, int offset, int length) {
        byte[] buffer = small == null ? new byte[Math.max(256, length)] : small;
        if (buffer.length - smallLength < length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, smallLength + length));
        }
        System.arraycopy(bytes, offset, buffer, smallLength, length);
        smallLength += length;
        small = buffer;
    }

    private void setSmallAside() {
        if (small != null && smallLength > 0) {
            held.add(Unpooled.wrappedBuffer(small, 0, smallLength));
        }
        small = null;
        smallLength = 0;
    }

    private void send(boolean end) throws IOException {
        setSmallAside();
        int size = heldBytes;
        ByteBuf bytes = switch (held.size()) {
            case 0 -> null;
            case 1 -> held.getFirst();
            default -> Unpooled.wrappedBuffer(held.size(), held.toArray(ByteBuf[]::new));
        };
        held.clear();
        heldBytes = 0;
        reserve(size);
        sender.send(bytes, size, end);
    }

    /// Waits for room, then counts the bytes as under way. One send may exceed the limit: it is in memory already.
    synchronized void reserve(int size) throws IOException {
        if (size > 0 && underWay > MOST_UNDER_WAY_BYTES && failure == null) {
            awaitRoom();
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        underWay += size;
    }

    private void awaitRoom() throws IOException {
        long before = underWay;
        long since = timeline.nanoTime();
        while (failure == null && underWay > MOST_UNDER_WAY_BYTES) {
            try {
                wait(stall.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted while the peer took no bytes").initCause(e);
            }
            if (underWay != before) {
                before = underWay;
                since = timeline.nanoTime();
            } else if (failure == null && timeline.nanoTime() - since >= stall.toNanos()) {
                failure = new IOException("the peer took no bytes for " + stall.toSeconds() + " s");
            }
        }
    }

    // ---- the event loop's side

    synchronized void written(int size, @Nullable Throwable cause) {
        underWay -= size;
        if (cause != null && failure == null) {
            failure = cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
        }
        notifyAll();
    }

    synchronized void fail(IOException cause) {
        if (failure == null) {
            failure = cause;
        }
        notifyAll();
    }
}
