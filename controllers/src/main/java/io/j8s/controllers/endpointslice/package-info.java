/// Keeps EndpointSlices: for each Service with a selector, the addresses of its pods in slices of at most 100.
@NullMarked
package io.j8s.controllers.endpointslice;

import org.jspecify.annotations.NullMarked;
