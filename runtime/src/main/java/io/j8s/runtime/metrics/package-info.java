/// Counters, gauges and histograms, and their text form (Prometheus' exposition format 0.0.4). Each component has a [MetricRegistry] of its own, though they
/// share a process: whoever scrapes one sees only that component's metrics.
@NullMarked
package io.j8s.runtime.metrics;

import org.jspecify.annotations.NullMarked;
