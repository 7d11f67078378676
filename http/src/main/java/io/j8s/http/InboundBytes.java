package io.j8s.http;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Bytes on their way from an event loop to one blocking reader. The loop offers buffers and never waits; the reader's progress is reported, so that
/// the connection can hold the sender back (HTTP/2 windows, or not reading from the socket). The monitor guards the queue; nothing blocks inside it but the reader's wait.
final class InboundBytes extends InputStream {

    /// A report of progress costs a hop to the loop: made for at least so many bytes, or when the queue runs empty.
    private static final int REPORT_FROM_BYTES = 32 * 1024;

    private static final int LARGEST_FIRST_ARRAY_BYTES = 4 * 1024 * 1024;

    private final IntConsumer consumed;
    private final ArrayDeque<ByteBuf> chunks = new ArrayDeque<>(2);
    private final long announced;
    private long limit;
    private long received;
    private long buffered;
    private int unreported;
    private boolean ended;
    private boolean discarding;
    private @Nullable IOException failure;
    private @Nullable Runnable beforeFirstRead;

    /// @param announced the length by `content-length`; negative when not known
    /// @param consumed told how many bytes the reader took, by the reader's thread
    InboundBytes(long announced, long limit, IntConsumer consumed) {
        this.announced = announced;
        this.limit = limit;
        this.consumed = consumed;
    }

    /// Runs once, by the reader, before it first waits (`100 Continue`).
    void beforeFirstRead(Runnable action) {
        beforeFirstRead = action;
    }

    synchronized void limitTo(long bytes) throws BodyTooLargeException {
        limit = Math.min(limit, bytes);
        if (announced > limit || received > limit) {
            throw new BodyTooLargeException(limit);
        }
    }

    // ---- the event loop's side

    /// Takes over the buffer. Answers whether it was kept; when not, its bytes count as consumed already.
    synchronized boolean offer(ByteBuf chunk) {
        int size = chunk.readableBytes();
        received += size;
        if (discarding || size == 0 || received > limit) {
            chunk.release();
            if (received > limit && failure == null) {
                failure = new BodyTooLargeException(limit);
                notifyAll();
            }
            return false;
        }
        chunks.add(chunk);
        buffered += size;
        notifyAll();
        return true;
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /// What was received can still be read; then this is thrown.
    synchronized void fail(IOException cause) {
        if (!ended && failure == null) {
            failure = cause;
        }
        notifyAll();
    }

    /// Nobody will read any more: gives the buffers back, and drops what still comes.
    synchronized void discard() {
        discarding = true;
        chunks.forEach(ByteBuf::release);
        chunks.clear();
        buffered = 0;
        notifyAll();
    }

    synchronized long buffered() {
        return buffered;
    }

    synchronized long received() {
        return received;
    }

    /// How many bytes are still to come: 0 at the end, [Long#MAX_VALUE] when nobody knows.
    synchronized long remaining() {
        return ended ? 0 : announced < 0 ? Long.MAX_VALUE : announced - received;
    }

    // ---- the reader's side

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int taken;
        int report;
        announceReader();
        synchronized (this) {
            if (!awaitBytes()) {
                return -1;
            }
            taken = take(into, offset, length);
            report = progress();
        }
        if (report > 0) {
            consumed.accept(report);
        }
        return taken;
    }

    /// One array of the announced size, filled in place.
    @Override
    public byte[] readAllBytes() throws IOException {
        if (announced < 0 || announced > LARGEST_FIRST_ARRAY_BYTES) {
            return super.readNBytes(Integer.MAX_VALUE);
        }
        byte[] all = new byte[(int) announced];
        int length = readNBytes(all, 0, all.length);
        int more = read(); // waits for the end, which frees the connection for the next request
        if (more >= 0) {
            throw new IOException("the body is longer than its content-length of " + announced);
        }
        return length == all.length ? all : Arrays.copyOf(all, length);
    }

    /// As [#readAllBytes] where no more than so many are announced: gathered without knowing, a body of a kilobyte took buffers of 16.
    @Override
    public byte[] readNBytes(int length) throws IOException {
        return announced >= 0 && announced <= length ? readAllBytes() : super.readNBytes(length);
    }

    @Override
    public synchronized int available() {
        return (int) Math.min(Integer.MAX_VALUE, buffered);
    }

    @Override
    public void close() {
        discard();
    }

    private void announceReader() {
        Runnable action = beforeFirstRead;
        if (action != null) {
            beforeFirstRead = null;
            action.run();
        }
    }

    /// False at the end of the stream.
    private boolean awaitBytes() throws IOException {
        while (chunks.isEmpty()) {
            if (failure != null) {
                throw failure;
            }
            if (ended || discarding) {
                return false;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted while reading a body").initCause(e);
            }
        }
        return true;
    }

    private int take(byte[] into, int offset, int length) {
        int taken = 0;
        while (taken < length && !chunks.isEmpty()) {
            ByteBuf chunk = chunks.getFirst();
            int size = Math.min(length - taken, chunk.readableBytes());
            chunk.readBytes(into, offset + taken, size);
            taken += size;
            if (!chunk.isReadable()) {
                chunks.removeFirst().release();
            }
        }
        buffered -= taken;
        unreported += taken;
        return taken;
    }

    private int progress() {
        if (ended || (unreported < REPORT_FROM_BYTES && !chunks.isEmpty())) {
            return 0;
        }
        int report = unreported;
        unreported = 0;
        return report;
    }
}
