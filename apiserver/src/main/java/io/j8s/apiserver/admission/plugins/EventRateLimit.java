package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.configuration.ConfigurationException;
import io.j8s.apiserver.configuration.Document;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.runtime.Timeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// Refuses events beyond a rate, for the server as a whole, each namespace, each user, or each source and object (429).
public final class EventRateLimit implements AdmissionPlugin {

    private static final int REMEMBERED = 4096;

    private final List<Limit> limits;
    private final Timeline timeline;

    /// @param limits of which each must allow an event
    public EventRateLimit(List<Limit> limits, Timeline timeline) {
        this.limits = List.copyOf(limits);
        this.timeline = timeline;
    }

    /// The rate of events of one kind: so many a second for each key, after a burst. At most so many keys are remembered. Any thread.
    public static final class Limit {
        private final String type;
        private final double perSecond;
        private final double burst;
        private final int keys;
        /// Guarded by itself; those longest not used go first.
        private final LinkedHashMap<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

        private record Bucket(double tokens, long atNanos) {}

        Limit(String type, long perSecond, long burst, long keys) {
            this.type = type;
            this.perSecond = perSecond;
            this.burst = burst;
            this.keys = (int) keys;
        }

        boolean take(String key, long now) {
            synchronized (buckets) {
                Bucket before = buckets.getOrDefault(key, new Bucket(burst, now));
                double tokens = Math.min(burst, before.tokens + (now - before.atNanos) / 1e9 * perSecond);
                boolean enough = tokens >= 1;
                buckets.put(key, new Bucket(enough ? tokens - 1 : tokens, now));
                if (buckets.size() > keys) {
                    String oldest = buckets.keySet().iterator().next();
                    buckets.remove(oldest);
                }
                return enough;
            }
        }
    }

    /// The limits of a Configuration (eventratelimit.admission.k8s.io/v1alpha1).
    ///
    /// @throws ConfigurationException naming the field that is wrong
    public static List<Limit> limits(Document configuration) {
        List<Limit> limits = new ArrayList<>();
        for (Document limit : configuration.objects("limits")) {
            String type = limit.text("type");
            if (!List.of("Server", "Namespace", "User", "SourceAndObject").contains(type)) {
                throw new ConfigurationException(limit.path("type") + ": Unsupported value: \"" + type + "\": supported values: \"Namespace\", \"Server\", \"SourceAndObject\", \"User\"");
            }
            long size = limit.number("cacheSize", REMEMBERED);
            limits.add(new Limit(type, positive(limit, "qps"), positive(limit, "burst"), size == 0 ? REMEMBERED : size));
            if (size < 0) {
                throw new ConfigurationException(limit.path("cacheSize") + ": Invalid value: " + size + ": must not be negative");
            }
            limit.end();
        }
        if (limits.isEmpty()) {
            throw new ConfigurationException("limits: Invalid value: must not be empty");
        }
        return limits;
    }

    private static long positive(Document limit, String name) {
        long value = limit.number(name, 0);
        if (value <= 0) {
            throw new ConfigurationException(limit.path(name) + ": Invalid value: " + value + ": must be positive");
        }
        return value;
    }

    @Override
    public String name() {
        return "EventRateLimit";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        boolean write = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        return write && !request.dryRun() && request.requested().plural().equals("events") && (request.group().isEmpty() || request.group().equals("events.k8s.io"));
    }

    @Override
    public void validate(AdmissionRequest request) {
        List<String> reached = new ArrayList<>(0);
        long now = timeline.nanoTime();
        for (Limit limit : limits) {
            String key = key(limit.type, request);
            if (!limit.take(key, now)) {
                reached.add("limit reached on type " + limit.type + " for key " + key);
            }
        }
        if (!reached.isEmpty()) {
            throw new Refusal(429, "TooManyRequests", reached.size() == 1 ? reached.getFirst() : "[" + String.join(", ", reached) + "]", Refusal.Details.NONE);
        }
    }

    private static String key(String type, AdmissionRequest request) {
        return switch (type) {
            case "Namespace" -> request.namespace();
            case "User" -> request.user().name();
            case "SourceAndObject" -> sourceAndObject(request.object());
            default -> "";
        };
    }

    private static String sourceAndObject(@org.jspecify.annotations.Nullable Struct object) {
        if (!(object instanceof Event event)) {
            return "";
        }
        ObjectReference about = event.involvedObject();
        return event.source().component() + event.source().host() + about.kind() + about.namespace() + about.name() + about.uid() + about.apiVersion();
    }

}
