package io.j8s.apiserver.metrics;

import io.j8s.apiserver.request.RequestInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts requests and their times. Costs a lookup and three additions a request; any number of threads.
public final class RequestMetrics {

    /// Upper bounds in seconds, as upstream's.
    private static final double[] BOUNDS = {0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60};

    private final Map<Series, Totals> series = new ConcurrentHashMap<>();
    private final LongAdder reading = new LongAdder();
    private final LongAdder mutating = new LongAdder();

    private record Series(String verb, String group, String version, String resource, String subresource, String scope, int code) {
        String labels() {
            return "component=\"apiserver\",group=\"" + group + "\",resource=\"" + resource + "\",scope=\"" + scope + "\",subresource=\"" + subresource + "\",verb=\""
                    + verb + "\",version=\"" + version + "\"";
        }
    }

    private static final class Totals {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final LongAdder[] buckets = new LongAdder[BOUNDS.length];

        Totals() {
            for (int i = 0; i < buckets.length; i++) {
                buckets[i] = new LongAdder();
            }
        }

        void add(long spentNanos) {
            count.increment();
            nanos.add(spentNanos);
            for (int i = 0; i < BOUNDS.length; i++) {
                if (spentNanos <= BOUNDS[i] * 1e9) {
                    buckets[i].increment();
                    return;
                }
            }
        }
    }

    /// A request begins; to be followed by [#ended].
    public void began(RequestInfo info) {
        (reads(info) ? reading : mutating).increment();
    }

    /// It has been answered.
    ///
    /// @param code the HTTP status
    public void ended(RequestInfo info, int code, long spentNanos) {
        (reads(info) ? reading : mutating).decrement();
        Series key = info.aboutResource()
                ? new Series(verb(info), info.group(), info.version(), info.resource(), info.subresource(), scope(info), code)
                : new Series(info.verb().toUpperCase(Locale.ROOT), "", "", "", "", "", code);
        Totals totals = series.get(key);
        if (totals == null) {
            totals = series.computeIfAbsent(key, k -> new Totals());
        }
        totals.add(spentNanos);
    }

    private static boolean reads(RequestInfo info) {
        return switch (info.verb()) {
            case "get", "list", "watch", "head", "options" -> true;
            default -> false;
        };
    }

    private static String verb(RequestInfo info) {
        return switch (info.verb()) {
            case "create" -> "POST";
            case "update" -> "PUT";
            case "" -> "other";
            default -> info.verb().toUpperCase(Locale.ROOT);
        };
    }

    private static String scope(RequestInfo info) {
        return !info.name().isEmpty() ? "resource" : info.namespace().isEmpty() ? "cluster" : "namespace";
    }

    /// Appends the text format.
    void write(StringBuilder out) {
        List<Map.Entry<Series, Totals>> all = series.entrySet().stream().sorted(Comparator.comparing(entry -> entry.getKey().toString())).toList();
        Text.head(out, "apiserver_request_total", "counter", "Requests answered, by verb, resource and status code.");
        for (Map.Entry<Series, Totals> one : all) {
            String labels = "code=\"" + one.getKey().code + "\"," + one.getKey().labels();
            Text.sample(out, "apiserver_request_total", labels, one.getValue().count.sum());
        }
        Text.head(out, "apiserver_request_duration_seconds", "histogram", "Time from the request's header to the end of its answer, by verb and resource.");
        for (Map.Entry<Series, Totals> one : all) {
            histogram(out, "code=\"" + one.getKey().code + "\"," + one.getKey().labels(), one.getValue());
        }
        Text.head(out, "apiserver_current_inflight_requests", "gauge", "Requests under way.");
        Text.sample(out, "apiserver_current_inflight_requests", "request_kind=\"mutating\"", mutating.sum());
        Text.sample(out, "apiserver_current_inflight_requests", "request_kind=\"readOnly\"", reading.sum());
    }

    private static void histogram(StringBuilder out, String labels, Totals totals) {
        String name = "apiserver_request_duration_seconds";
        long below = 0;
        for (int i = 0; i < BOUNDS.length; i++) {
            below += totals.buckets[i].sum();
            Text.sample(out, name + "_bucket", labels + ",le=\"" + BOUNDS[i] + "\"", below);
        }
        Text.sample(out, name + "_bucket", labels + ",le=\"+Inf\"", totals.count.sum());
        Text.sample(out, name + "_sum", labels, totals.nanos.sum() / 1e9);
        Text.sample(out, name + "_count", labels, totals.count.sum());
    }
}
