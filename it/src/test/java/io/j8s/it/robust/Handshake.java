package io.j8s.it.robust;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;

/// A TLS handshake on a plain connection, after which nothing of it is kept on this side: so thousands of clients fit into a test.
final class Handshake {

    private static final SSLContext TLS = RobustServer.tls();

    private Handshake() {}

    static void on(SocketChannel channel) throws IOException {
        SSLEngine engine = TLS.createSSLEngine("127.0.0.1", 0);
        engine.setUseClientMode(true);
        ByteBuffer in = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        in.flip();
        engine.beginHandshake();
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> {
                    engine.wrap(ByteBuffer.allocate(0), out.clear());
                    out.flip();
                    while (out.hasRemaining()) {
                        channel.write(out);
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (engine.unwrap(in, plain.clear()).getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                        in.compact();
                        if (channel.read(in) < 0) {
                            throw new EOFException("the server closed the connection while shaking hands");
                        }
                        in.flip();
                    }
                }
                case NEED_TASK -> engine.getDelegatedTask().run();
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }
}
