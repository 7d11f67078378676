package io.j8s.node.spdy;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The client's end of a SPDY/3.1 connection (SPDY protocol draft 3.1; no flow control, as in the servers that container runtimes use).
///
/// One task reads frames and hands data to the streams; a stream that nobody reads holds up the others once 64 frames wait. Writers
/// take turns under a lock that guards the socket's output and the header compression.
public final class SpdyConnection implements AutoCloseable {
    private static final int CONTROL = 0x80030000;
    private static final int SYN_STREAM = 1;
    private static final int SYN_REPLY = 2;
    private static final int RST_STREAM = 3;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int HEADERS = 8;
    private static final int FIN = 1;
    private static final int LARGEST_DATA = 32 * 1024;

    private final RawUpgrade connection;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final HeaderBlocks headers = new HeaderBlocks();
    private final Object writing = new Object();
    private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
    private final Task reader;
    private int nextId = 1;

    private SpdyConnection(RawUpgrade connection, Timeline timeline) {
        this.connection = connection;
        this.in = new DataInputStream(connection.input());
        this.out = new DataOutputStream(connection.output());
        this.reader = timeline.start("SPDY reader", this::readFrames);
    }

    /// Opens a connection and upgrades it by a POST.
    ///
    /// @param protocol the streams' own protocol, such as `v4.channel.k8s.io`
    public static SpdyConnection open(URI url, String protocol, Timeline timeline) throws IOException {
        return new SpdyConnection(RawUpgrade.open(url, List.of(protocol)), timeline);
    }

    /// Opens a stream with these headers, whose names are in lower case.
    public SpdyStream stream(Map<String, String> streamHeaders) throws IOException {
        synchronized (writing) {
            int id = nextId;
            nextId += 2;
            SpdyStream stream = new SpdyStream(this, id);
            streams.put(id, stream);
            byte[] block = headers.write(streamHeaders);
            out.writeInt(CONTROL | SYN_STREAM);
            out.writeInt(10 + block.length);
            out.writeInt(id);
            out.writeInt(0);
            out.writeShort(0);
            out.write(block);
            out.flush();
            return stream;
        }
    }

    /// Ends the connection and every stream of it.
    @Override
    public void close() {
        connection.close();
        reader.close();
    }

    void sendData(int id, byte[] bytes, int offset, int length, boolean last) throws IOException {
        synchronized (writing) {
            int sent = 0;
            do {
                int part = Math.min(LARGEST_DATA, length - sent);
                boolean ends = last && sent + part == length;
                out.writeInt(id);
                out.writeInt((ends ? FIN << 24 : 0) | part);
                out.write(bytes, offset + sent, part);
                sent += part;
            } while (sent < length);
            out.flush();
        }
    }

    private void readFrames() throws InterruptedException {
        try {
            while (true) {
                int first = in.readInt();
                int second = in.readInt();
                byte[] body = in.readNBytes(second & 0xffffff);
                boolean last = (second >>> 24 & FIN) != 0;
                if (first >= 0) {
                    deliver(first, body, last);
                } else if (!control(first & 0xffff, body, last)) {
                    return;
                }
            }
        } catch (IOException e) {
            // closed here or by the peer: the streams end
        } finally {
            for (SpdyStream stream : streams.values()) {
                stream.received(new byte[0], true);
            }
            headers.close();
        }
    }

    /// Answers whether the connection goes on.
    private boolean control(int type, byte[] body, boolean last) throws IOException, InterruptedException {
        switch (type) {
            case SYN_REPLY, HEADERS -> {
                headers.read(body, 4);
                if (last) {
                    deliver(number(body), new byte[0], true);
                }
            }
            case RST_STREAM -> deliver(number(body), new byte[0], true);
            case PING -> pong(body);
            case GOAWAY -> {
                return false;
            }
            default -> {
                // settings and window updates mean nothing without flow control
            }
        }
        return true;
    }

    private void deliver(int id, byte[] body, boolean last) throws InterruptedException {
        SpdyStream stream = last ? streams.remove(id) : streams.get(id);
        if (stream != null) {
            stream.received(body, last);
        }
    }

    /// Only the peer's own pings (even numbers) are answered.
    private void pong(byte[] body) throws IOException {
        if (number(body) % 2 == 0) {
            synchronized (writing) {
                out.writeInt(CONTROL | PING);
                out.writeInt(4);
                out.write(body, 0, 4);
                out.flush();
            }
        }
    }

    private static int number(byte[] body) throws IOException {
        if (body.length < 4) {
            throw new IOException("SPDY: a control frame without its stream");
        }
        return java.nio.ByteBuffer.wrap(body).getInt();
    }
}
