/// What the node agent counts of its own work.
@NullMarked
package io.j8s.node.metrics;

import org.jspecify.annotations.NullMarked;
