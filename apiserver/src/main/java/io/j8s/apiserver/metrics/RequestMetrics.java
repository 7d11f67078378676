package io.j8s.apiserver.metrics;

import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Gauge;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Counts requests, their times and sizes, under upstream's names and labels. Costs a lookup and some additions a request; any number of threads.
///
/// Only what is served is counted: a request for what is not there makes no series.
public final class RequestMetrics {

    private static final double[] SECONDS = {0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60};
    private static final double[] SLI_SECONDS = {0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60};
    private static final double[] SIZES = {1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    private static final double[] BODY_SIZES = DoubleStream.iterate(50_000, size -> size + 100_000).limit(31).toArray();
    private static final String[] KIND = {"component", "dry_run", "group", "resource", "scope", "subresource", "verb", "version"};
    private static final String[] KIND_AND_CODE = {"code", "component", "dry_run", "group", "resource", "scope", "subresource", "verb", "version"};
    private static final String[] WET_KIND = {"component", "group", "resource", "scope", "subresource", "verb", "version"};

    private final Counter total;
    private final Histogram durations;
    private final Histogram sli;
    private final Histogram sizes;
    private final Counter ended;
    private final Counter self;
    private final Map<RequestKind, Series> series = new ConcurrentHashMap<>();
    private final Map<RequestKind, LongAdder> lasting = new ConcurrentHashMap<>();
    private final Histogram bodies;
    private final Map<String, Histogram.Series> validations;
    private final Gauge deprecated;
    private final HighestInSecond reading;
    private final HighestInSecond mutating;
    private final MetricRegistry registry;

    public RequestMetrics(MetricRegistry registry, Timeline timeline) {
        this.registry = registry;
        reading = new HighestInSecond(timeline);
        mutating = new HighestInSecond(timeline);
        bodies = registry.histogram("apiserver_request_body_size_bytes", "[ALPHA] Apiserver request body size in bytes broken out by resource and verb.", BODY_SIZES, "group", "resource", "verb");
        deprecated = registry.gauge("apiserver_requested_deprecated_apis", "[STABLE] Gauge of deprecated APIs that have been requested, broken out by API group, version, resource, subresource, and "
                + "removed_release.", "group", "removed_release", "resource", "subresource", "version");
        Histogram validated = registry.histogram("field_validation_request_duration_seconds", "[ALPHA] Response latency distribution in seconds for each field validation value", SLI_SECONDS,
                "field_validation");
        validations = Stream.of("", "Strict", "Warn", "Ignore", "invalid").collect(Collectors.toUnmodifiableMap(Function.identity(), validated::at));
        total = registry.counter("apiserver_request_total",
                "[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.", KIND_AND_CODE);
        durations = registry.histogram("apiserver_request_duration_seconds",
                "[STABLE] Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.", SECONDS, KIND);
        sli = registry.histogram("apiserver_request_sli_duration_seconds", "[ALPHA] Response latency distribution (not counting webhook duration and priority & fairness queue wait times) in seconds for each verb, "
                + "group, version, resource, subresource, scope and component.", SLI_SECONDS, WET_KIND);
        sizes = registry.histogram("apiserver_response_sizes",
                "[STABLE] Response size distribution in bytes for each group, version, verb, resource, subresource, scope and component.", SIZES, WET_KIND);
        ended = registry.counter("apiserver_request_terminations_total", "[ALPHA] Number of requests which apiserver terminated in self-defense.",
                "code", "component", "group", "resource", "scope", "subresource", "verb", "version");
        self = registry.counter("apiserver_selfrequest_total", "[ALPHA] Counter of apiserver self-requests broken out for each verb, API resource and subresource.", "group", "resource", "subresource", "verb");
        registry.gauge("apiserver_current_inflight_requests", "[STABLE] Maximal number of currently used inflight request limit of this apiserver per request kind in last second.", "request_kind")
                .of(mutating::value, "mutating").of(reading::value, "readOnly");
        registry.gauge("apiserver_longrunning_requests", "[STABLE] Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. "
                + "Not all requests are tracked this way.", WET_KIND);
    }

    /// What is counted of the requests of one kind.
    private final class Series {
        private final RequestKind kind;
        private final Histogram.Series duration;
        private final Histogram.@Nullable Series sliDuration;
        private final Histogram.@Nullable Series size;
        private volatile Histogram.@Nullable Series body;
        private volatile boolean toldDeprecated;
        private volatile ByCode codes = new ByCode(new int[0], new Counter.Series[0]);

        /// A short list, copied when it grows.
        private record ByCode(int[] codes, Counter.Series[] counts) {}

        Series(RequestKind kind) {
            this.kind = kind;
            duration = durations.at(kind.component(), kind.dryRun(), kind.group(), kind.resource(), kind.scope(), kind.subresource(), kind.verb(), kind.version());
            String[] wet = kind.withoutDryRun();
            sliDuration = kind.dryRun().isEmpty() ? sli.at(wet) : null;
            size = kind.verb().equals("GET") || kind.verb().equals("LIST") ? sizes.at(wet) : null;
        }

        void body(int bytes) {
            Histogram.Series known = body;
            if (known == null) {
                known = bodies.at(kind.group(), kind.resource(), kind.bodyVerb());
                body = known;
            }
            known.observe(bytes);
        }

        Counter.Series of(int code) {
            ByCode known = codes;
            for (int i = 0; i < known.codes.length; i++) {
                if (known.codes[i] == code) {
                    return known.counts[i];
                }
            }
            return add(code);
        }

        private synchronized Counter.Series add(int code) {
            ByCode known = codes;
            int length = known.codes.length;
            int[] more = java.util.Arrays.copyOf(known.codes, length + 1);
            Counter.Series[] counts = java.util.Arrays.copyOf(known.counts, length + 1);
            more[length] = code;
            Counter.Series added = total.at(Integer.toString(code), kind.component(), kind.dryRun(), kind.group(), kind.resource(), kind.scope(), kind.subresource(), kind.verb(), kind.version());
            counts[length] = added;
            codes = new ByCode(more, counts);
            return added;
        }
    }

    /// A request begins; to be followed by [#left].
    public void entered(boolean reads, long nowNanos) {
        (reads ? reading : mutating).entered(nowNanos);
    }

    public void left(boolean reads) {
        (reads ? reading : mutating).left();
    }

    /// A request that may last long has begun; to be followed by the returned.
    public Runnable lasts(RequestKind kind) {
        LongAdder now = lasting.computeIfAbsent(kind, key -> {
            LongAdder made = new LongAdder();
            registry.gauge("apiserver_longrunning_requests", "", WET_KIND).of(made::sum, key.withoutDryRun());
            return made;
        });
        now.increment();
        return now::decrement;
    }

    /// A request has been answered.
    ///
    /// @param code the HTTP status
    /// @param webhookNanos how much of that webhooks took
    /// @param bytes of the answer
    /// @param byServer whether the server itself asked
    public void ended(RequestKind kind, int code, long spentNanos, long webhookNanos, long bytes, boolean byServer) {
        Series one = series(kind);
        one.of(code).increment();
        one.duration.nanos(spentNanos);
        Histogram.Series wet = one.sliDuration;
        if (wet != null) {
            wet.nanos(spentNanos - webhookNanos);
        }
        Histogram.Series size = one.size;
        if (size != null) {
            size.observe(bytes);
        }
        if (byServer) {
            self.increment(kind.group(), kind.resource(), kind.subresource(), kind.verb());
        }
    }

    private Series series(RequestKind kind) {
        Series known = series.get(kind);
        return known == null ? series.computeIfAbsent(kind, Series::new) : known;
    }

    /// A request that brings something to be stored has been answered.
    ///
    /// @param bodySize -1: its body was not read
    /// @param fieldValidation as given
    public void wrote(RequestKind kind, int bodySize, List<String> fieldValidation, long spentNanos) {
        if (bodySize >= 0) {
            series(kind).body(bodySize);
        }
        if (!kind.verb().equals("DELETE")) {
            Histogram.Series times = validations.get(fieldValidation.isEmpty() ? "" : fieldValidation.size() == 1 ? fieldValidation.getFirst() : "invalid");
            java.util.Objects.requireNonNull(times == null ? validations.get("invalid") : times).nanos(spentNanos);
        }
    }

    /// A request was for something that clients should not use any more.
    public void deprecated(RequestKind kind) {
        Series one = series(kind);
        if (!one.toldDeprecated) {
            one.toldDeprecated = true;
            deprecated.set(1, kind.group(), "", kind.resource(), kind.subresource(), kind.version());
        }
    }

    /// The server gave a request up, to defend itself.
    public void terminated(RequestKind kind, int code) {
        ended.increment(Integer.toString(code), kind.component(), kind.group(), kind.resource(), kind.scope(), kind.subresource(), kind.verb(), kind.version());
    }
}
