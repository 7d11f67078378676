package io.j8s.cluster.server;

import io.j8s.model.Objects;
import io.j8s.model.Protobuf;
import io.j8s.model.core.v1.EndpointAddress;
import io.j8s.model.core.v1.EndpointSubset;
import io.j8s.model.core.v1.Endpoints;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import io.j8s.store.Key;
import io.j8s.store.KeyRange;
import io.j8s.store.Operation;
import io.j8s.store.Store;
import io.j8s.store.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which API servers share a store and live (`--endpoint-reconciler-type=lease`): each keeps a key below `/registry/masterleases/` that goes by itself when it is not renewed,
/// in upstream's form.
final class MasterLeases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterLeases.class);
    private static final String BELOW = "/registry/masterleases/";
    private static final Duration RENEW = Duration.ofSeconds(10);
    private static final int LIFE_SECONDS = 15;

    private final Store store;
    private final String address;
    private final Runnable renewed;
    private final Gate end;
    private final Task task;
    private long generation;
    private volatile boolean closed;

    /// @param address of this server
    /// @param renewed called after each renewal: others may have come or gone
    MasterLeases(Store store, String address, Timeline timeline, Runnable renewed) {
        this.store = store;
        this.address = address;
        this.renewed = renewed;
        this.end = timeline.gate();
        this.task = timeline.start("master lease", this::run);
    }

    private Key key() {
        return Key.of(BELOW + address);
    }

    private void run() throws InterruptedException {
        while (!closed) {
            try {
                renew();
                renewed.run();
            } catch (RuntimeException e) {
                LOG.info("the lease of this API server's address cannot be renewed now, which is tried again: {}", e.getMessage());
            }
            end.await(() -> closed, RENEW);
        }
    }

    private void renew() {
        generation++;
        Endpoints value = Endpoints.EMPTY.withMetadata(ObjectMeta.EMPTY.withGeneration(generation))
                .withSubsets(List.of(EndpointSubset.EMPTY.withAddresses(List.of(EndpointAddress.EMPTY.withIp(address)))));
        store.commit(Transaction.of(new Operation.Put(key(), Protobuf.write(Objects.typed(value)), store.grantLease(0, LIFE_SECONDS), null)));
    }

    /// The addresses of all that live, this one's included.
    SortedSet<String> addresses() {
        SortedSet<String> found = new TreeSet<>();
        store.snapshot().forEach(KeyRange.prefix(BELOW), entry -> found.add(entry.key().toString().substring(BELOW.length())) || true);
        if (!closed) {
            found.add(address);
        }
        return found;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        end.signal();
        task.close();
        try {
            store.commit(Transaction.of(new Operation.Delete(key())));
        } catch (RuntimeException e) {
            LOG.info("the lease of this API server's address stays until it ends by itself: {}", e.getMessage());
        }
    }
}
