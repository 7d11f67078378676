package io.j8s.etcd;

import io.j8s.store.Committed;
import io.j8s.store.Entry;
import io.j8s.store.Event;
import io.j8s.store.Key;
import io.j8s.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The messages etcd sends (etcd's rpc.proto and kv.proto; field numbers are given there).
final class Responses {

    private Responses() {}

    /// The store's revision, which every response's header tells.
    static long revision(byte[] response) {
        Message.Reader in = new Message.Reader(response);
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == 1) {
                return header(in.message());
            }
        }
        return 0;
    }

    private static long header(Message.Reader in) {
        long revision = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            revision = field == 3 ? in.number() : revision;
        }
        return revision;
    }

    /// What the answer of `Maintenance.Status` says of the size of the database; -1 when it says nothing.
    static long databaseBytes(byte[] response) {
        long size = -1;
        Message.Reader in = new Message.Reader(response);
        for (int field = in.next(); field != 0; field = in.next()) {
            size = field == 3 ? in.number() : size;
        }
        return size;
    }

    record Range(List<Entry> entries, boolean more, long count) {

        static Range read(byte[] response) {
            return read(new Message.Reader(response));
        }

        private static Range read(Message.Reader in) {
            List<Entry> entries = new ArrayList<>();
            boolean more = false;
            long count = 0;
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 2 -> entries.add(entry(in.message()));
                    case 3 -> more = in.flag();
                    case 4 -> count = in.number();
                    default -> {}
                }
            }
            return new Range(entries, more, count);
        }
    }

    private static Entry entry(Message.Reader in) {
        byte[] key = {};
        byte[] value = {};
        long created = 0;
        long modified = 0;
        long version = 0;
        long lease = 0;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> key = in.bytes();
                case 2 -> created = in.number();
                case 3 -> modified = in.number();
                case 4 -> version = in.number();
                case 5 -> value = in.bytes();
                case 6 -> lease = in.number();
                default -> {}
            }
        }
        return new Entry(Key.of(key), value, created, modified, version, lease, null);
    }

    static Committed committed(byte[] response) {
        return committed(new Message.Reader(response), revision(response));
    }

    private static Committed committed(Message.Reader in, long revision) {
        boolean succeeded = false;
        List<Committed.Result> results = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 2 -> succeeded = in.flag();
                case 3 -> results.add(result(in.message(), revision));
                default -> {}
            }
        }
        return new Committed(succeeded, revision, List.copyOf(results));
    }

    private static Committed.Result result(Message.Reader in, long revision) {
        int field = in.next();
        return switch (field) {
            case 1 -> new Committed.Result.Read(List.copyOf(Range.read(in.message()).entries()));
            case 2 -> new Committed.Result.Put(entries(in.message(), 2).stream().findFirst().orElse(null));
            case 3 -> new Committed.Result.Delete(List.copyOf(entries(in.message(), 3)));
            case 4 -> new Committed.Result.Nested(committed(in.message(), revision));
            default -> throw new IllegalStateException("etcd answered a transaction's step with the unknown response " + field);
        };
    }

    private static List<Entry> entries(Message.Reader in, int wanted) {
        List<Entry> entries = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == wanted) {
                entries.add(entry(in.message()));
            }
        }
        return entries;
    }

    /// @param compactRevision not 0 when the watch ended because what it asked for is compacted
    record Watch(boolean created, boolean canceled, long compactRevision, String reason, List<Event> events) {

        static Watch read(byte[] response) {
            Message.Reader in = new Message.Reader(response);
            boolean created = false;
            boolean canceled = false;
            long compacted = 0;
            String reason = "";
            List<Event> events = new ArrayList<>();
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 3 -> created = in.flag();
                    case 4 -> canceled = in.flag();
                    case 5 -> compacted = in.number();
                    case 6 -> reason = in.text();
                    case 11 -> events.add(event(in.message()));
                    default -> {}
                }
            }
            return new Watch(created, canceled, compacted, reason, events);
        }
    }

    private static Event event(Message.Reader in) {
        boolean deleted = false;
        Entry entry = null;
        Entry previous = null;
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 1 -> deleted = in.number() == 1;
                case 2 -> entry = entry(in.message());
                case 3 -> previous = entry(in.message());
                default -> {}
            }
        }
        Objects.requireNonNull(entry, "etcd sent an event without a key");
        return deleted ? new Event.Delete(entry.key(), entry.modRevision(), previous) : new Event.Put(entry, previous);
    }

    /// The id and the seconds of a lease that was granted or kept alive.
    record Lease(long id, long seconds) {
        static Lease read(byte[] response) {
            Message.Reader in = new Message.Reader(response);
            long id = 0;
            long seconds = 0;
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 2 -> id = in.number();
                    case 3 -> seconds = in.number();
                    default -> {}
                }
            }
            return new Lease(id, seconds);
        }
    }

    /// What is known of a lease; null when there is none.
    static Store.@Nullable LeaseInfo leaseInfo(byte[] response) {
        Message.Reader in = new Message.Reader(response);
        long id = 0;
        long remaining = 0;
        long granted = 0;
        List<Key> keys = new ArrayList<>();
        for (int field = in.next(); field != 0; field = in.next()) {
            switch (field) {
                case 2 -> id = in.number();
                case 3 -> remaining = in.number();
                case 4 -> granted = in.number();
                case 5 -> keys.add(Key.of(in.bytes()));
                default -> {}
            }
        }
        return remaining < 0 || granted == 0 ? null : new Store.LeaseInfo(id, granted, remaining, List.copyOf(keys));
    }

    static List<Long> leases(byte[] response) {
        List<Long> ids = new ArrayList<>();
        Message.Reader in = new Message.Reader(response);
        for (int field = in.next(); field != 0; field = in.next()) {
            if (field == 2) {
                Message.Reader lease = in.message();
                for (int inner = lease.next(); inner != 0; inner = lease.next()) {
                    if (inner == 1) {
                        ids.add(lease.number());
                    }
                }
            }
        }
        return ids;
    }
}
