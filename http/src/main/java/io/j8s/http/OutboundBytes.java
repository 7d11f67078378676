package io.j8s.http;

import io.j8s.runtime.Timeline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Bytes on their way from one blocking writer to an event loop: small writes are joined, large ones passed on by reference, and
/// the writer waits while too many are under way, so that a slow reader costs a bounded amount of memory. An idle one holds no buffer.
/// Bodies of many pieces are gathered in chunks of which a handful goes round, whatever the body's length: lists leave no garbage behind.
/// The monitor guards the count of bytes under way, the chunks that go round, and the failure.
final class OutboundBytes {

    /// Hands bytes to the event loop. The loop calls [#written] with their number when they have left or failed.
    @FunctionalInterface
    interface Sender {
        void send(@Nullable ByteBuf bytes, int size, boolean end);
    }

    /// Copying fewer bytes than these is cheaper than sending them as a buffer of their own.
    private static final int REFERENCE_FROM_BYTES = 2048;
    private static final int SEND_FROM_BYTES = 64 * 1024;
    /// So that four full frames of HTTP/2, with their heads of nine bytes, are four full records of TLS.
    private static final int CHUNK_BYTES = 4 * (16 * 1024 - 9);
    private static final byte[] NO_CHUNK = {};
    private static final int MOST_UNDER_WAY_BYTES = 256 * 1024;
    /// A writer that waits goes on when no more than these are under way: woken for each chunk that leaves, it would cost a tenth of a long list.
    private static final int RESUME_UNDER_WAY_BYTES = 64 * 1024;

    private final Timeline timeline;
    private final Sender sender;
    private final Duration stall;
    private final List<ByteBuf> held = new ArrayList<>(2);
    private int heldBytes;
    private byte @Nullable [] small;
    private int smallLength;
    private byte @Nullable [] chunk;
    private int chunkLength;
    private boolean ended;

    private long underWay;
    /// What each send that is under way returns when it has left, in their order: its chunk, or [#NO_CHUNK].
    private final Queue<byte[]> leaving = new ArrayDeque<>(2);
    private final Deque<byte[]> free = new ArrayDeque<>(0);
    private @Nullable IOException failure;

    /// @param stall how long a write waits for a peer that takes nothing
    OutboundBytes(Timeline timeline, Sender sender, Duration stall) {
        this.timeline = timeline;
        this.sender = sender;
        this.stall = stall;
    }

    // ---- the writer's side

    void write(byte[] bytes, int offset, int length) throws IOException {
        checkOpen();
        sendChunk();
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

    void append(byte[] bytes, int offset, int length) throws IOException {
        checkOpen();
        int from = offset;
        int end = offset + length;
        while (from < end) {
            byte[] into = chunk;
            if (into == null) {
                into = freeChunk();
                chunk = into;
            }
            int count = Math.min(end - from, CHUNK_BYTES - chunkLength);
            System.arraycopy(bytes, from, into, chunkLength, count);
            chunkLength += count;
            from += count;
            if (chunkLength == CHUNK_BYTES) {
                sendChunk();
            }
        }
    }

    private void checkOpen() throws IOException {
        if (ended) {
            throw new IOException("a write after the end of the body");
        }
    }

    /// Sends what was gathered by [#append], after what was held before it.
    private void sendChunk() throws IOException {
        byte[] full = chunk;
        if (full == null) {
            return;
        }
        int size = chunkLength;
        chunk = null;
        chunkLength = 0;
        if (heldBytes > 0) {
            send(false);
        }
        reserve(size, full);
        sender.send(Unpooled.wrappedBuffer(full, 0, size), size, false);
    }

    private synchronized byte[] freeChunk() {
        byte[] used = free.poll();
        return used == null ? new byte[CHUNK_BYTES] : used;
    }

    void flush() throws IOException {
        if (!ended) {
            sendChunk();
            send(false);
        }
    }

    void end() throws IOException {
        if (!ended) {
            sendChunk();
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
        reserve(size, NO_CHUNK);
        sender.send(bytes, size, end);
    }

    /// Waits for room, then counts the bytes as under way. One send may exceed the limit: it is in memory already.
    void reserve(int size) throws IOException {
        reserve(size, NO_CHUNK);
    }

    private synchronized void reserve(int size, byte[] returned) throws IOException {
        if (size > 0 && underWay > MOST_UNDER_WAY_BYTES && failure == null) {
            awaitRoom();
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        underWay += size;
        if (size > 0) {
            leaving.add(returned);
        }
    }

    private void awaitRoom() throws IOException {
        long before = underWay;
        long since = timeline.nanoTime();
        while (failure == null && underWay > RESUME_UNDER_WAY_BYTES) {
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
        byte[] returned = leaving.poll();
        if (returned != null && returned != NO_CHUNK && cause == null) {
            free.push(returned);
        }
        if (cause != null && failure == null) {
            failure = cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause);
        }
        if (underWay <= RESUME_UNDER_WAY_BYTES || failure != null) {
            notifyAll();
        }
    }

    synchronized void fail(IOException cause) {
        if (failure == null) {
            failure = cause;
        }
        notifyAll();
    }
}
