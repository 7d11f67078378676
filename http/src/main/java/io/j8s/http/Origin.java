package io.j8s.http;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The connections to one scheme, host and port. The monitor guards all fields; it is never held while a connection is opened or used.
final class Origin {

    private final URI uri;
    private final Dialer dialer;
    private final int mostConnections;
    private final List<ClientConnection> connections = new ArrayList<>(2);
    private int dialing;
    private boolean severalAtOnce;
    private boolean closed;

    Origin(URI uri, Dialer dialer, int mostConnections) {
        this.uri = uri;
        this.dialer = dialer;
        this.mostConnections = mostConnections;
    }

    /// A connection with a place reserved. HTTP/2 connections are shared: while one is being opened others wait for it.
    ClientConnection acquire() throws IOException, InterruptedException {
        if (dialer.identityChanged()) {
            retireAll();
        }
        synchronized (this) {
            while (true) {
                if (closed) {
                    throw new IOException("the HTTP client is closed");
                }
                ClientConnection free = reserved();
                if (free != null) {
                    return free;
                }
                connections.removeIf(connection -> !connection.alive());
                boolean mayDial = (dialing == 0 || severalAtOnce) && connections.size() + dialing < mostConnections;
                if (mayDial) {
                    dialing++;
                    break;
                }
                wait();
            }
        }
        return dial();
    }

    private @Nullable ClientConnection reserved() {
        for (ClientConnection connection : connections) {
            if (connection.reserve()) {
                return connection;
            }
        }
        return null;
    }

    private ClientConnection dial() throws IOException, InterruptedException {
        ClientConnection fresh = null;
        try {
            fresh = dialer.dial(uri, false, this::placesChanged);
            fresh.reserve();
            return fresh;
        } finally {
            boolean late = false;
            synchronized (this) {
                dialing--;
                if (fresh != null) {
                    late = closed;
                    connections.removeIf(connection -> !connection.alive());
                    connections.add(fresh);
                    severalAtOnce = !fresh.http2();
                }
                notifyAll();
            }
            if (fresh != null && late) {
                fresh.close();
            }
        }
    }

    private void retireAll() {
        List<ClientConnection> old;
        synchronized (this) {
            old = List.copyOf(connections);
        }
        old.forEach(ClientConnection::retire);
    }

    /// A place has become free, or a connection has ended.
    synchronized void placesChanged() {
        connections.removeIf(connection -> !connection.alive());
        notifyAll();
    }

    void close() {
        List<ClientConnection> old;
        synchronized (this) {
            closed = true;
            old = List.copyOf(connections);
            connections.clear();
            notifyAll();
        }
        old.forEach(ClientConnection::close);
    }
}
