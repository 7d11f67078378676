/// When a node is short of something, and which pods make room.
@NullMarked
package io.j8s.node.eviction;

import org.jspecify.annotations.NullMarked;
