/// The node agent (kubelet): what runs on each node of a cluster, and simulated nodes in its place.
@NullMarked
package io.j8s.node;

import org.jspecify.annotations.NullMarked;
