/// Tests of simulated nodes, in simulated time.
@NullMarked
package io.j8s.node.simulated;

import org.jspecify.annotations.NullMarked;
