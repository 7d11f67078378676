/// Mirrors Endpoints that people keep by hand into EndpointSlices, which is what everybody reads.
@NullMarked
package io.j8s.controllers.endpointslicemirroring;

import org.jspecify.annotations.NullMarked;
