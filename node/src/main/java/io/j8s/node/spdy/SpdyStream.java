package io.j8s.node.spdy;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// One stream of a [SpdyConnection]: bytes both ways, each way ended on its own. One thread reads, one writes.
public final class SpdyStream {
    private static final byte[] END = new byte[0];
    private static final int MOST_WAITING_FRAMES = 64;

    private final SpdyConnection connection;
    private final int id;
    private final BlockingQueue<byte[]> received = new ArrayBlockingQueue<>(MOST_WAITING_FRAMES);
    private boolean ended;

    SpdyStream(SpdyConnection connection, int id) {
        this.connection = connection;
        this.id = id;
    }

    /// The next bytes; null when the peer has ended its direction or the connection is gone.
    public byte @Nullable [] read() throws InterruptedException {
        if (ended) {
            return null;
        }
        byte[] bytes = received.take();
        if (bytes.length == 0) {
            ended = true;
            return null;
        }
        return bytes;
    }

    /// Sends bytes; blocks while the peer does not take them.
    public void write(byte[] bytes, int offset, int length) throws IOException {
        connection.sendData(id, bytes, offset, length, false);
    }

    /// Ends our direction: the peer reads its end.
    public void closeOutput() throws IOException {
        connection.sendData(id, END, 0, 0, true);
    }

    void received(byte[] bytes, boolean last) throws InterruptedException {
        if (bytes.length > 0) {
            received.put(bytes);
        }
        if (last) {
            received.put(END);
        }
    }
}
