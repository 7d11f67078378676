/// Whole clusters in simulated time: everything that happens is decided by a seed, hours pass in seconds, and calls, nodes and components fail when they are told to.
@NullMarked
package io.j8s.testkit.simulation;

import org.jspecify.annotations.NullMarked;
