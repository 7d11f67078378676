/// Keeps Endpoints, the older form of EndpointSlices: one object for each Service with a selector.
@NullMarked
package io.j8s.controllers.endpoint;

import org.jspecify.annotations.NullMarked;
