package io.j8s.client.events;

import io.j8s.client.JsonText;
import io.j8s.client.queue.TokenBucket;
import io.j8s.model.core.v1.Event;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps events from becoming a flood, as client-go does:
///
/// - the same event again raises the count of the first;
/// - from the tenth different message on, for one object and reason within 10 minutes, events are combined into one;
/// - one source may write 25 events about one object at once, and then one every 5 minutes.
///
/// For one thread.
final class EventCorrelator {
    private static final int MOST_MESSAGES = 10;
    private static final Duration SIMILAR_WITHIN = Duration.ofMinutes(10);
    private static final int BURST = 25;
    private static final double PER_SECOND = 1.0 / 300;
    private static final int MOST_REMEMBERED = 4096;

    private final Timeline time;
    private final Map<String, Similar> similar = remembering();
    private final Map<String, Seen> seen = remembering();
    private final Map<String, TokenBucket> limits = remembering();

    /// @param patch what to change in the event that was written before; null when it is new
    record Result(Event event, @Nullable String patch) {}

    private record Similar(Set<String> messages, long last) {}

    private record Seen(Event event) {}

    EventCorrelator(Timeline time) {
        this.time = time;
    }

    /// What to write for an event; null: nothing.
    @Nullable Result correlate(Event event) {
        String similarity = similarityKey(event);
        boolean combine = countMessage(similarity, event.message());
        Event observed = combine ? combined(event) : event;
        String key = combine ? similarity : exactKey(event);
        Seen before = seen.get(key);
        String patch = null;
        if (before != null) {
            observed = observed.withMetadata(before.event.metadata()).withCount(before.event.count() + 1);
            observed = before.event.firstTimestamp() == null ? observed : observed.withFirstTimestamp(before.event.firstTimestamp());
            patch = "{\"count\":" + observed.count() + ",\"message\":" + JsonText.quote(observed.message()) + ",\"lastTimestamp\":\"" + event.lastTimestamp() + "\"}";
        }
        seen.put(key, new Seen(observed));
        boolean allowed = limits.computeIfAbsent(spamKey(event), k -> new TokenBucket(time, PER_SECOND, BURST)).tryTake();
        return allowed ? new Result(observed, patch) : null;
    }

    /// What the server answered, to be counted on.
    void written(Event event) {
        seen.put(exactKey(event), new Seen(event));
    }

    private boolean countMessage(String key, String message) {
        long now = time.nanoTime();
        Similar record = similar.get(key);
        if (record == null || now - record.last > SIMILAR_WITHIN.toNanos()) {
            record = new Similar(new HashSet<>(), now);
        }
        Set<String> messages = record.messages;
        boolean isNew = !messages.contains(message);
        boolean full = messages.size() + (isNew ? 1 : 0) >= MOST_MESSAGES;
        if (isNew && !full) {
            messages.add(message);
        }
        similar.put(key, new Similar(messages, now));
        return full;
    }

    private Event combined(Event event) {
        return event.withoutReportingComponent().withoutReportingInstance().withMessage("(combined from similar events): " + event.message()).withFirstTimestamp(time.now().truncatedTo(ChronoUnit.SECONDS));
    }

    private static String spamKey(Event event) {
        ObjectReference about = event.involvedObject();
        return String.join("\0", event.source().component(), event.source().host(), about.kind(), about.namespace(), about.name(), about.uid(), about.apiVersion(), event.type());
    }

    private static String similarityKey(Event event) {
        return String.join("\0", spamKey(event), event.reason(), event.reportingComponent(), event.reportingInstance());
    }

    private static String exactKey(Event event) {
        return String.join("\0", spamKey(event), event.involvedObject().fieldPath(), event.reason(), event.message());
    }

    /// A map that forgets what was not used for the longest time.
    private static <V> Map<String, V> remembering() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MOST_REMEMBERED;
            }
        };
    }
}
