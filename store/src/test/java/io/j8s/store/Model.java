package io.j8s.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The simplest store there can be: a copy of everything for every revision. What the real one is compared with.
final class Model {

    /// The contents at each revision, as texts; revision 0 is not used.
    final List<TreeMap<String, String>> contents = new ArrayList<>(List.of(new TreeMap<>(), new TreeMap<>()));
    /// The events of each revision, as texts.
    final List<List<String>> events = new ArrayList<>(List.of(List.of(), List.of()));
    final TreeMap<Long, Long> leases = new TreeMap<>();
    private TreeMap<String, Entry> current = new TreeMap<>();
    long compacted;

    static String describe(@Nullable Entry entry) {
        return entry == null
                ? "-"
                : entry.key() + "=" + new String(entry.value(), UTF_8) + " c" + entry.createRevision() + " m" + entry.modRevision() + " v" + entry.version() + " l"
                        + entry.lease();
    }

    static String describe(Event event, boolean withPrevious) {
        String what = switch (event) {
            case Event.Put put -> "put " + describe(put.entry());
            case Event.Delete delete -> "delete " + delete.key() + " m" + delete.revision();
        };
        return withPrevious ? what + " before " + describe(event.previous()) : what;
    }

    long revision() {
        return contents.size() - 1L;
    }

    boolean commit(Transaction transaction) {
        List<String> done = new ArrayList<>();
        TreeMap<String, Entry> before = new TreeMap<>(current);
        boolean holds = run(transaction, before, done);
        seal(done);
        return holds;
    }

    private boolean run(Transaction transaction, TreeMap<String, Entry> before, List<String> done) {
        boolean holds = transaction.conditions().stream().allMatch(condition -> condition.holds(within(before, condition.keys())));
        for (Operation operation : holds ? transaction.then() : transaction.otherwise()) {
            switch (operation) {
                case Operation.Put put -> put(put, done);
                case Operation.Delete delete -> within(current, delete.keys()).forEach(entry -> delete(entry, done));
                case Operation.Read read -> {}
                case Operation.Nested nested -> run(nested.transaction(), before, done);
            }
        }
        return holds;
    }

    void revoke(long lease) {
        List<String> done = new ArrayList<>();
        leases.remove(lease);
        List.copyOf(current.values()).stream().filter(entry -> entry.lease() == lease).forEach(entry -> delete(entry, done));
        seal(done);
    }

    List<String> keysOf(long lease) {
        return current.values().stream().filter(entry -> entry.lease() == lease).map(entry -> entry.key().toString()).toList();
    }

    private void put(Operation.Put put, List<String> done) {
        Entry previous = current.get(put.key().toString());
        long next = revision() + 1;
        Entry entry = new Entry(put.key(), put.value(), previous == null ? next : previous.createRevision(), next, previous == null ? 1 : previous.version() + 1, put.lease(), null);
        current.put(put.key().toString(), entry);
        done.add("put " + describe(entry) + " before " + describe(previous));
    }

    private void delete(Entry entry, List<String> done) {
        current.remove(entry.key().toString());
        done.add("delete " + entry.key() + " m" + (revision() + 1) + " before " + describe(entry));
    }

    private void seal(List<String> done) {
        if (!done.isEmpty()) {
            TreeMap<String, String> content = new TreeMap<>();
            for (Map.Entry<String, Entry> entry : current.entrySet()) {
                content.put(entry.getKey(), describe(entry.getValue()));
            }
            contents.add(content);
            events.add(done);
        }
    }

    private static List<Entry> within(TreeMap<String, Entry> entries, KeyRange range) {
        return entries.values().stream().filter(entry -> range.contains(entry.key())).toList();
    }
}
