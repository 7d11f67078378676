/// Nodes without containers: for use without root, for tests, and for clusters of thousands of nodes in one process.
@NullMarked
package io.j8s.node.simulated;

import org.jspecify.annotations.NullMarked;
