/// What a node does when it runs out of memory, disk or processes: it says so, refuses further pods, frees what it can, and at last ends pods.
@NullMarked
package io.j8s.node.eviction;

import org.jspecify.annotations.NullMarked;
