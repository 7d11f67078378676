/// The parts of a node alone, beside any API server: its agent, its proxy, and how they come to their certificates.
@NullMarked
package io.j8s.cluster.node;

import org.jspecify.annotations.NullMarked;
