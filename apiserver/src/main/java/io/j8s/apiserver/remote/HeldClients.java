package io.j8s.apiserver.remote;

import io.j8s.http.HttpClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// HTTP clients by whom they trust, the ones used last: authorities come and go as certificates are rotated, and each client keeps connections. One that is too many is closed when the
/// last of its calls has ended. The monitor guards all of it.
///
/// @param <K> whom a client trusts
final class HeldClients<K> implements AutoCloseable {

    private final int most;
    private final Function<K, HttpClient> maker;
    private final LinkedHashMap<K, Held> byTrust = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    /// @param most how many are kept beside those in use
    HeldClients(int most, Function<K, HttpClient> maker) {
        this.most = most;
        this.maker = maker;
    }

    private static final class Held {
        final HttpClient client;
        int uses;
        boolean evicted;

        Held(HttpClient client) {
            this.client = client;
        }
    }

    /// A client in use, until closed.
    final class Use implements AutoCloseable {
        private final Held held;

        private Use(Held held) {
            this.held = held;
        }

        HttpClient client() {
            return held.client;
        }

        @Override
        public void close() {
            HttpClient unused = given(held);
            if (unused != null) {
                unused.close();
            }
        }
    }

    Use use(K trust) {
        List<HttpClient> unused = new ArrayList<>(0);
        Use use = taken(trust, unused);
        unused.forEach(HttpClient::close);
        return use;
    }

    private synchronized Use taken(K trust, List<HttpClient> unused) {
        if (closed) {
            throw new IllegalStateException("the clients are closed");
        }
        Held held = byTrust.computeIfAbsent(trust, key -> new Held(maker.apply(key)));
        held.uses++;
        while (byTrust.size() > most) {
            Held eldest = byTrust.pollFirstEntry().getValue();
            eldest.evicted = true;
            if (eldest.uses == 0) {
                unused.add(eldest.client);
            }
        }
        return new Use(held);
    }

    private synchronized @Nullable HttpClient given(Held held) {
        return --held.uses == 0 && held.evicted ? held.client : null;
    }

    synchronized int size() {
        return byTrust.size();
    }

    /// Closes all; calls under way fail.
    @Override
    public void close() {
        List<Held> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(byTrust.values());
            byTrust.clear();
        }
        all.forEach(held -> held.client.close());
    }
}
