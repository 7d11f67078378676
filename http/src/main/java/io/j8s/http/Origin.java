package io.j8s.http;

import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The connections to one scheme, host and port. The monitor guards all fields; it is never held while a connection is opened or used.
final class Origin {

    private final Timeline timeline;
    private final URI uri;
    private final Dialer dialer;
    private final int mostConnections;
    private final List<ClientConnection> connections = new ArrayList<>(2);
    private int dialing;
    private boolean severalAtOnce;
    private int failedDials;
    private @Nullable IOException lastFailure;
    private boolean closed;

    Origin(URI uri, Dialer dialer, int mostConnections, Timeline timeline) {
        this.timeline = timeline;
        this.uri = uri;
        this.dialer = dialer;
        this.mostConnections = mostConnections;
    }

    /// A connection with a place reserved. HTTP/2 connections are shared: while one is being opened others wait for it, and fail with it.
    ///
    /// @param timeout how long to wait for others; null: as long as it takes
    ClientConnection acquire(@Nullable Duration timeout) throws IOException, InterruptedException {
        if (dialer.identityChanged()) {
            retireAll();
        }
        long begun = timeline.nanoTime();
        synchronized (this) {
            int failedBefore = failedDials;
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
                await(timeout == null ? 0 : timeout.minusNanos(timeline.nanoTime() - begun).toMillis(), timeout != null);
                IOException failure = lastFailure;
                if (failedDials != failedBefore && failure != null) {
                    throw new IOException(failure.getMessage(), failure);
                }
            }
        }
        return dial();
    }

    private synchronized void await(long millis, boolean limited) throws InterruptedException, InterruptedIOException {
        if (limited && millis <= 0) {
            throw new InterruptedIOException("no connection to " + uri.getRawAuthority() + " became free in time");
        }
        wait(millis);
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
        } catch (IOException e) {
            synchronized (this) {
                failedDials++;
                lastFailure = e;
            }
            throw e;
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
