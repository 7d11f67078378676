package io.j8s.apiserver.resource;

import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;

/// What a resource counts itself.
@FunctionalInterface
public interface Measures {

    /// Called once.
    ///
    /// @param registry of the server that serves the resource
    /// @param state its objects
    void register(MetricRegistry registry, ClusterState state, Timeline timeline);
}
