/// What the server counts, in the names and the text format that dashboards read (Prometheus text format 0.0.4).
@NullMarked
package io.j8s.apiserver.metrics;

import org.jspecify.annotations.NullMarked;
