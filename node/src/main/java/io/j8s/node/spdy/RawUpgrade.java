package io.j8s.node.spdy;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A connection to the runtime's streaming server that was upgraded to SPDY/3.1: bytes both ways. One thread reads, one writes.
public final class RawUpgrade implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final String protocol;

    private RawUpgrade(Socket socket, InputStream in, OutputStream out, String protocol) {
        this.socket = socket;
        this.in = in;
        this.out = out;
        this.protocol = protocol;
    }

    /// @param protocols the streams' own protocols that are offered, such as `v4.channel.k8s.io`
    public static RawUpgrade open(URI url, List<String> protocols) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
            String target = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
            StringBuilder request = new StringBuilder("POST " + target + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\nContent-Length: 0\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n");
            protocols.forEach(p -> request.append("X-Stream-Protocol-Version: ").append(p).append("\r\n"));
            out.write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            out.flush();
            String status = line(in);
            if (!status.contains(" 101 ")) {
                throw new IOException("the runtime's streaming server refused the upgrade: " + status);
            }
            String agreed = "";
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                if (header.regionMatches(true, 0, "x-stream-protocol-version:", 0, 26)) {
                    agreed = header.substring(26).strip();
                }
            }
            return new RawUpgrade(socket, in, out, agreed);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// The protocol that the server chose; empty when it did not say.
    public String protocol() {
        return protocol;
    }

    public InputStream input() {
        return in;
    }

    /// Buffered: what is written is sent at a flush.
    public OutputStream output() {
        return out;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket cannot be closed", e);
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the runtime's streaming server closed the connection during the upgrade");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
