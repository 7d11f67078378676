package io.j8s.network.dns;

import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;

/// Serves DNS over UDP and TCP on one address (RFC 1035, RFC 6891, RFC 7766).
///
/// Threads: one receives datagrams and answers what the zone knows itself; a query that has to be forwarded gets a thread of its own (at most
/// 1,024 at once, more are dropped as a busy network would). Each TCP connection is a thread (at most 256).
final class DnsServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DnsServer.class);
    private static final int LARGEST_MESSAGE = 65_535;
    private static final int PLAIN_UDP_SIZE = 512;
        private static final int IDLE_TCP_MILLIS = 10_000;

    private final Timeline timeline;
    private final Responder responder;
    private final DnsMetrics metrics;
    private final DatagramSocket datagrams;
    private final ServerSocket connections;
    private final Semaphore forwards = new Semaphore(1024);
    private final Semaphore tcp = new Semaphore(256);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Task receiving;
    private final Task accepting;

    private DnsServer(Timeline timeline, Responder responder, DnsMetrics metrics, DatagramSocket datagrams, ServerSocket connections) {
        this.timeline = timeline;
        this.responder = responder;
        this.metrics = metrics;
        this.datagrams = datagrams;
        this.connections = connections;
        this.receiving = timeline.start("dns-udp", this::receive);
        this.accepting = timeline.start("dns-tcp", this::accept);
    }

    /// Starts serving; port 0 takes a free one.
    static DnsServer start(Timeline timeline, InetSocketAddress address, Responder responder, DnsMetrics metrics) throws IOException {
        ServerSocket connections = new ServerSocket();
        try {
            connections.setReuseAddress(true);
            connections.bind(address, 64);
            return new DnsServer(timeline, responder, metrics, new DatagramSocket(connections.getLocalSocketAddress()), connections);
        } catch (BindException e) {
            connections.close();
            throw new IOException("cannot serve DNS on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage()
                    + "; another name server may hold it, choose another address with --dns-address", e);
        } catch (IOException e) {
            connections.close();
            throw e;
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) connections.getLocalSocketAddress();
    }

    private void receive() throws IOException, InterruptedException {
        byte[] buffer = new byte[LARGEST_MESSAGE];
        while (!datagrams.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                datagrams.receive(packet);
            } catch (SocketException e) {
                if (datagrams.isClosed()) {
                    return;
                }
                throw e;
            }
            byte[] bytes = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
            InetSocketAddress client = (InetSocketAddress) packet.getSocketAddress();
            try {
                Message query = new Message(bytes);
                if (!query.getHeader().getFlag(Flags.QR)) {
                    handle(query, client);
                }
            } catch (IOException e) {
                LOG.debug("a datagram from {} is no DNS message: {}", client, e.getMessage());
            } catch (RuntimeException e) {
                LOG.warn("a query from {} could not be answered", client, e);
            }
        }
    }

    private void handle(Message query, InetSocketAddress client) throws InterruptedException {
        if (responder.isOurs(query)) {
            send(query, answered(query, false, client, true), client);
        } else if (forwards.tryAcquire()) {
            timeline.start("dns-forward", () -> {
                try {
                    send(query, answered(query, false, client, false), client);
                } finally {
                    forwards.release();
                }
            });
        }
    }

    private Message answered(Message query, boolean overTcp, InetSocketAddress client, boolean ours) throws InterruptedException {
        long begun = timeline.nanoTime();
        Message answer = responder.answer(query);
        metrics.answered(query, answer, overTcp, client.getAddress() instanceof Inet6Address, ours, Duration.ofNanos(timeline.nanoTime() - begun));
        return answer;
    }

    private void send(Message query, Message answer, InetSocketAddress client) {
        byte[] bytes = answer.toWire(udpSize(query));
        try {
            datagrams.send(new DatagramPacket(bytes, bytes.length, client));
        } catch (IOException e) {
            LOG.debug("an answer to {} could not be sent: {}", client, e.getMessage());
        }
    }

    private static int udpSize(Message query) {
        OPTRecord options = query.getOPT();
        return options == null ? PLAIN_UDP_SIZE : Math.clamp(options.getPayloadSize(), PLAIN_UDP_SIZE, Responder.LARGEST_UDP_SIZE);
    }

    private void accept() throws IOException {
        while (!connections.isClosed()) {
            Socket socket;
            try {
                socket = connections.accept();
            } catch (SocketException e) {
                return;
            }
            if (!tcp.tryAcquire()) {
                socket.close();
                continue;
            }
            open.add(socket);
            timeline.start("dns-tcp-connection", () -> serve(socket));
        }
    }

    private void serve(Socket socket) throws InterruptedException {
        try (socket) {
            socket.setSoTimeout(IDLE_TCP_MILLIS);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] bytes = in.readNBytes(in.readUnsignedShort());
                Message query = new Message(bytes);
                byte[] answer = answered(query, true, (InetSocketAddress) socket.getRemoteSocketAddress(), responder.isOurs(query)).toWire(LARGEST_MESSAGE);
                byte[] framed = new byte[answer.length + 2];
                framed[0] = (byte) (answer.length >> 8);
                framed[1] = (byte) answer.length;
                System.arraycopy(answer, 0, framed, 2, answer.length);
                out.write(framed);
                out.flush();
            }
        } catch (EOFException | SocketException e) {
            // the client is done
        } catch (IOException e) {
            LOG.debug("a DNS connection ended: {}", e.getMessage());
        } finally {
            open.remove(socket);
            tcp.release();
        }
    }

    @Override
    public void close() {
        datagrams.close();
        try {
            connections.close();
        } catch (IOException e) {
            LOG.debug("closing the DNS port: {}", e.getMessage());
        }
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("closing a DNS connection: {}", e.getMessage());
            }
        }
        receiving.close();
        accepting.close();
    }
}
