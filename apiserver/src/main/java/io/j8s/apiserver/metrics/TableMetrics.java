package io.j8s.apiserver.metrics;

import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/// What the tables hold, are told of, and are read for, under the names of upstream's watch cache and storage. States are asked for when they are read; lists are counted as they happen.
/// Any thread.
public final class TableMetrics {

    private static final double[] WAITS = {0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3};
    private static final double MOST_DIGITS = 1e15;
    private static final String[] LABELS = {"group", "resource"};

    private final Counter cached;
    private final Counter cachedFetched;
    private final Counter cachedReturned;
    private final Counter consistent;
    private final Histogram waits;
    private final Map<String, Lists> lists = new ConcurrentHashMap<>();
    private final Map<String, Stored> stored = new ConcurrentHashMap<>();

    /// A table at one moment.
    ///
    /// @param bytes what its objects take in the store, found out by visiting each
    /// @param events how many changes it was told of
    /// @param loads how often it was read from the store as a whole
    /// @param loaded how many objects it read then
    /// @param capacity how many changes it can remember now
    public record State(String group, String resource, int objects, LongSupplier bytes, long events, long loads, long loaded, int capacity, long revision) {
        String qualified() {
            return group.isEmpty() ? resource : resource + "." + group;
        }
    }

    /// Lists from the store's history, beside loads.
    private record Stored(LongAdder number, LongAdder fetched, LongAdder returned) {}

    /// What lists of one resource are counted with.
    public static final class Lists {
        private final Counter.Series number;
        private final Counter.Series fetched;
        private final Counter.Series returned;
        private final Counter.Series consistent;
        private final Histogram.Series waits;

        private Lists(TableMetrics all, String group, String resource) {
            number = all.cached.at(group, "", resource);
            fetched = all.cachedFetched.at(group, "", resource);
            returned = all.cachedReturned.at(group, resource);
            consistent = all.consistent.at("false", group, resource, "true");
            waits = all.waits.at(group, resource);
        }

        /// A list was answered from the table.
        public void listed(long seen, long answered) {
            number.increment();
            fetched.add(seen);
            returned.add(answered);
        }

        /// A list that must not miss anything that was written before it: it has waited so long for the table.
        public void consistent(long waitedNanos) {
            consistent.increment();
            waits.nanos(waitedNanos);
        }

        /// A list that must not be older than some revision.
        public void notOlder(long waitedNanos) {
            waits.nanos(waitedNanos);
        }
    }

    TableMetrics(MetricRegistry registry) {
        cached = registry.counter("apiserver_cache_list_total", "[ALPHA] Number of LIST requests served from watch cache", "group", "index", "resource");
        cachedFetched = registry.counter("apiserver_cache_list_fetched_objects_total", "[ALPHA] Number of objects read from watch cache in the course of serving a LIST request",
                "group", "index", "resource");
        cachedReturned = registry.counter("apiserver_cache_list_returned_objects_total", "[ALPHA] Number of objects returned for a LIST request from watch cache", LABELS);
        consistent = registry.counter("apiserver_watch_cache_consistent_read_total", "[ALPHA] Counter for consistent reads from cache.", "fallback", "group", "resource", "success");
        waits = registry.histogram("apiserver_watch_cache_read_wait_seconds", "[ALPHA] Histogram of time spent waiting for a watch cache to become fresh.", WAITS, LABELS);
    }

    public Lists of(String group, String resource) {
        Lists known = group.isEmpty() ? lists.get(resource) : null;
        return known == null ? lists.computeIfAbsent(qualified(group, resource), key -> new Lists(this, group, resource)) : known;
    }

    /// A list was answered from the store's history.
    public void listedFromStore(String group, String resource, long seen, long answered) {
        Stored one = stored.computeIfAbsent(qualified(group, resource), key -> new Stored(new LongAdder(), new LongAdder(), new LongAdder()));
        one.number.increment();
        one.fetched.add(seen);
        one.returned.add(answered);
    }

    private static String qualified(String group, String resource) {
        return group.isEmpty() ? resource : resource + "." + group;
    }

    /// Registers what is asked for when it is read.
    public void states(MetricRegistry registry, Supplier<List<State>> states) {
        registry.gauge("apiserver_storage_objects", "[STABLE] (Deprecated since 1.34.0) [DEPRECATED, consider using apiserver_resource_objects instead] Number of stored objects at the time of last "
                + "check split by kind. In case of a fetching error, the value will be -1.", "resource").ofAll(() -> {
                    Map<List<String>, Double> all = new HashMap<>();
                    states.get().forEach(state -> all.put(List.of(state.qualified()), (double) state.objects));
                    return all;
                });
        gauge(registry, states, "apiserver_resource_objects", "[ALPHA] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.",
                State::objects);
        gauge(registry, states, "apiserver_resource_size_estimate_bytes", "[ALPHA] Estimated size of stored objects in database. Estimate is based on sum of last observed sizes of serialized objects. "
                + "In case of a fetching error, the value will be -1.", state -> state.bytes.getAsLong());
        gauge(registry, states, "watch_cache_capacity", "[ALPHA] Total capacity of watch cache broken by resource type.", State::capacity);
        gauge(registry, states, "apiserver_watch_cache_resource_version",
                "[ALPHA] Current resource version of watch cache broken by resource type. This is truncated to the 15 least significant digits.", state -> state.revision % MOST_DIGITS);
        counter(registry, states, "apiserver_watch_cache_initializations_total", "[ALPHA] Counter of watch cache initializations broken by resource type.", State::loads);
        counter(registry, states, "apiserver_watch_cache_events_received_total", "[ALPHA] Counter of events received in watch cache broken by resource type.", State::events);
        counter(registry, states, "apiserver_watch_cache_events_dispatched_total", "[ALPHA] Counter of events dispatched in watch cache broken by resource type.", State::events);
        counter(registry, states, "apiserver_storage_events_received_total", "[BETA] Number of etcd events received split by kind.", State::events);
        listsFromStore(registry, states);
    }

    private void listsFromStore(MetricRegistry registry, Supplier<List<State>> states) {
        Stored none = new Stored(new LongAdder(), new LongAdder(), new LongAdder());
        counter(registry, states, "apiserver_storage_list_total", "[ALPHA] Number of LIST requests served from storage",
                state -> state.loads + stored.getOrDefault(state.qualified(), none).number.sum());
        counter(registry, states, "apiserver_storage_list_fetched_objects_total", "[ALPHA] Number of objects read from storage in the course of serving a LIST request",
                state -> state.loaded + stored.getOrDefault(state.qualified(), none).fetched.sum());
        counter(registry, states, "apiserver_storage_list_evaluated_objects_total", "[ALPHA] Number of objects tested in the course of serving a LIST request from storage",
                state -> state.loaded + stored.getOrDefault(state.qualified(), none).fetched.sum());
        counter(registry, states, "apiserver_storage_list_returned_objects_total", "[ALPHA] Number of objects returned for a LIST request from storage",
                state -> state.loaded + stored.getOrDefault(state.qualified(), none).returned.sum());
    }

    private static void gauge(MetricRegistry registry, Supplier<List<State>> states, String name, String help, ToDoubleFunction<State> value) {
        registry.gauge(name, help, LABELS).ofAll(() -> each(states, value));
    }

    private static void counter(MetricRegistry registry, Supplier<List<State>> states, String name, String help, ToDoubleFunction<State> value) {
        registry.counterFrom(name, help, LABELS).ofAll(() -> each(states, value));
    }

    private static Map<List<String>, Double> each(Supplier<List<State>> states, ToDoubleFunction<State> value) {
        Map<List<String>, Double> all = new HashMap<>();
        states.get().forEach(state -> all.put(List.of(state.group, state.resource), value.applyAsDouble(state)));
        return all;
    }
}
