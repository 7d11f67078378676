package io.j8s.controllers.frame;

import io.j8s.client.Client;
import io.j8s.client.Discovery;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Informers;
import io.j8s.client.queue.QueueSeries;
import io.j8s.client.queue.RetryDelays;
import io.j8s.client.queue.WorkQueue;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;

/// What a controller works with.
///
/// @param client carries the controller's identity
/// @param informers shared by all controllers of the process
/// @param registry the metrics of the process
public record Context(Client client, Discovery discovery, Timeline time, Informers informers, MetricRegistry registry) {

    public Context(Client client, Discovery discovery, Timeline time, Informers informers) {
        this(client, discovery, time, informers, new MetricRegistry());
    }

    /// A queue with the usual delays.
    public <K> WorkQueue<K> queue(String name) {
        return queue(name, RetryDelays.standard(time));
    }

    public <K> WorkQueue<K> queue(String name, RetryDelays delays) {
        return new WorkQueue<>(name, time, delays, new QueueSeries(registry, name));
    }

    /// A recorder of events under a component's name; whoever asks closes it.
    public EventRecorder recorder(String component) {
        return new EventRecorder(client, time, component, "");
    }
}
