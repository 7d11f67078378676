package io.j8s.cluster.server;

import io.j8s.apiserver.tracing.FinishedSpan;
import io.j8s.etcd.TraceCollector;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes spans to a collector: gathered in a queue of bounded length, sent in batches at least every five seconds by one task. Spans that find no room are lost.
final class SpanExporter implements Consumer<FinishedSpan>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpanExporter.class);
    private static final int MOST_QUEUED = 2048;
    private static final int MOST_SENT = 512;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final TraceCollector collector;
    private final Map<String, Object> resource;
    private final Gate gate;
    /// Guarded by itself.
    private final Deque<FinishedSpan> queue = new ArrayDeque<>();
    private final Task task;
    private volatile boolean closing;

    SpanExporter(TraceCollector collector, String instance, Timeline timeline) {
        this.collector = collector;
        this.resource = Map.of("service.name", "apiserver", "service.instance.id", instance);
        this.gate = timeline.gate();
        this.task = timeline.start("spans", this::send);
    }

    @Override
    public void accept(FinishedSpan span) {
        boolean full;
        synchronized (queue) {
            full = queue.size() >= MOST_QUEUED;
            if (!full) {
                queue.add(span);
            }
        }
        if (!full) {
            gate.signal();
        }
    }

    private int queued() {
        synchronized (queue) {
            return queue.size();
        }
    }

    private void send() throws InterruptedException {
        while (!closing || queued() > 0) {
            gate.await(() -> closing || queued() > 0);
            gate.await(() -> closing || queued() >= MOST_SENT, LONGEST_WAIT);
            List<TraceCollector.Span> batch = new ArrayList<>();
            synchronized (queue) {
                while (!queue.isEmpty() && batch.size() < MOST_SENT) {
                    batch.add(outward(queue.removeFirst()));
                }
            }
            try {
                if (!batch.isEmpty()) {
                    collector.export(resource, "k8s.io/component-base/tracing", batch);
                }
            } catch (IOException e) {
                LOG.info("{} spans are lost: {}", batch.size(), e.getMessage());
            }
        }
    }

    private static TraceCollector.Span outward(FinishedSpan span) {
        return new TraceCollector.Span(span.traceId(), span.spanId(), span.parentId(), span.name(), span.server(), span.startNanos(), span.endNanos(), span.attributes(), span.linkedTraceId(),
                span.linkedSpanId(), span.failed());
    }

    @Override
    public void close() {
        closing = true;
        gate.signal();
        try {
            task.join();
        } catch (InterruptedException e) {
            task.cancel();
            Thread.currentThread().interrupt();
        }
        collector.close();
    }
}
