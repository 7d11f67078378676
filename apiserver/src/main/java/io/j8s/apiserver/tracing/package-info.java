/// Following requests (OpenTelemetry, KEP-647): which are followed, and the spans that tell of them.
@NullMarked
package io.j8s.apiserver.tracing;

import org.jspecify.annotations.NullMarked;
