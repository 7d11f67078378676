package io.j8s.controllers.frame;

import io.j8s.client.Client;
import io.j8s.client.Discovery;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Informers;
import io.j8s.client.queue.QueueMetrics;
import io.j8s.client.queue.RetryDelays;
import io.j8s.client.queue.WorkQueue;
import io.j8s.runtime.Timeline;
import java.util.function.Function;

/// What a controller works with.
///
/// @param client carries the controller's identity
/// @param informers shared by all controllers of the process
/// @param metrics the counters of a queue by its name
public record Context(Client client, Discovery discovery, Timeline time, Informers informers, Function<String, QueueMetrics> metrics) {

    public Context(Client client, Discovery discovery, Timeline time, Informers informers) {
        this(client, discovery, time, informers, name -> QueueMetrics.NONE);
    }

    /// A queue with the usual delays.
    public <K> WorkQueue<K> queue(String name) {
        return queue(name, RetryDelays.standard(time));
    }

    public <K> WorkQueue<K> queue(String name, RetryDelays delays) {
        return new WorkQueue<>(name, time, delays, metrics.apply(name));
    }

    /// A recorder of events under a component's name; whoever asks closes it.
    public EventRecorder recorder(String component) {
        return new EventRecorder(client, time, component, "");
    }
}
