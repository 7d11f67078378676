/// Figures of what the node and its pods use.
@NullMarked
package io.j8s.node.stats;

import org.jspecify.annotations.NullMarked;
