/// Dynamic resource allocation with structured parameters (KEP-4381 and its successors): which devices a claim gets on a node. [Allocator] is pure; [DynamicResources] is the plugin.
@NullMarked
package io.j8s.scheduler.devices;

import org.jspecify.annotations.NullMarked;
