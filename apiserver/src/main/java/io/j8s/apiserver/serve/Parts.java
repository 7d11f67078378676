package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.ObjectBytes;
import io.j8s.apiserver.metrics.WatchMetrics;
import io.j8s.apiserver.operation.Engine;
import io.j8s.apiserver.operation.Reads;
import io.j8s.apiserver.operation.Writes;
import io.j8s.runtime.Timeline;

/// What all endpoints work with.
record Parts(Engine engine, Reads reads, Writes writes, ObjectBytes bytes, WatchMetrics watches) {

    Timeline timeline() {
        return engine.timeline();
    }
}
