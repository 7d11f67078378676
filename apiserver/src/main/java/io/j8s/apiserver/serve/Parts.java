package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.encoding.ObjectBytes;
import io.j8s.apiserver.metrics.WatchMetrics;
import io.j8s.apiserver.operation.Engine;
import io.j8s.apiserver.operation.Reads;
import io.j8s.apiserver.operation.Writes;
import io.j8s.runtime.Timeline;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What all endpoints work with.
///
/// @param shortestWatch how long a watch lasts at least that does not say how long
record Parts(Engine engine, Reads reads, Writes writes, ObjectBytes bytes, WatchMetrics watches, OpenWatches openWatches, Duration shortestWatch, FeatureGates gates) {

    /// The forms of objects that are read and written.
    ///
    /// @param protobuf whether the objects have a protobuf form
    List<MediaType> mediaTypes(boolean protobuf) {
        List<MediaType> types = protobuf ? MediaType.ALL : MediaType.TEXTUAL;
        return gates.enabled(FeatureGates.CBOR) ? Stream.concat(types.stream(), Stream.of(MediaType.CBOR)).toList() : types;
    }


    Timeline timeline() {
        return engine.timeline();
    }
}
