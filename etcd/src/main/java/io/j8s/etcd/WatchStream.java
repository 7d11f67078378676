package io.j8s.etcd;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.j8s.runtime.Gate;
import io.j8s.store.CompactedException;
import io.j8s.store.Event;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One watch of all keys from a revision on, over one connection, until it breaks, is compacted away or is closed. etcd sends revisions in order and never
/// splits one between two messages. gRPC calls the methods one after the other; the next message is asked for once one has been told.
final class WatchStream extends ClientCall.Listener<byte[]> implements AutoCloseable {

    /// Told of each revision and its changes, in order.
    @FunctionalInterface
    interface Receiver {
        void changed(long revision, List<Event> events);
    }

    private final long start;
    private final Receiver receiver;
    private final Gate gate;
    private final Calls.Stream stream;
    private volatile @Nullable CompactedException compacted;
    private volatile @Nullable String end;

    /// @param gate signalled when the stream has ended
    WatchStream(Calls calls, long start, Gate gate, Receiver receiver) {
        this.start = start;
        this.receiver = receiver;
        this.gate = gate;
        this.stream = calls.stream(Calls.WATCH, this);
        stream.call().request(1);
        stream.send(Requests.watch(start));
    }

    int endpoint() {
        return stream.endpoint();
    }

    /// Why it ended; null while it goes on.
    @Nullable String end() {
        return end;
    }

    /// That what it was to begin with is compacted away; null when it is not.
    @Nullable CompactedException compacted() {
        return compacted;
    }

    @Override
    public void onMessage(byte[] message) {
        Responses.Watch response = Responses.Watch.read(message);
        if (response.canceled()) {
            compacted = response.compactRevision() == 0 ? null : new CompactedException(start, response.compactRevision());
            end = response.reason().isEmpty() ? "etcd ended the watch" : response.reason();
            stream.cancel();
            gate.signal();
            return;
        }
        List<Event> events = new ArrayList<>();
        for (Event event : response.events()) {
            if (!events.isEmpty() && events.getFirst().revision() != event.revision()) {
                receiver.changed(events.getFirst().revision(), List.copyOf(events));
                events.clear();
            }
            events.add(event);
        }
        if (!events.isEmpty()) {
            receiver.changed(events.getFirst().revision(), List.copyOf(events));
        }
        stream.call().request(1);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (end == null) {
            end = Calls.words(status);
        }
        gate.signal();
    }

    @Override
    public void close() {
        stream.cancel();
    }
}
