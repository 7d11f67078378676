package io.j8s.apiserver;

import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.resource.ObjectWriter;
import io.j8s.apiserver.resource.Resource;
import io.j8s.http.EventLoops;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.util.List;

/// What a server's guards are built on.
///
/// @param writer writes the server's own objects, once it serves
/// @param loops for connections to others (webhooks)
/// @param resources the built-in resources
/// @param metrics what the server counts
public record Foundation(ClusterState state, ObjectWriter writer, Timeline timeline, EventLoops loops, List<Resource<?>> resources, MetricRegistry metrics) {}
