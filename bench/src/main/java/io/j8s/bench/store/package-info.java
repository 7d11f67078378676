/// What the store costs and bears: durable writes, reads, memory, restart.
@NullMarked
package io.j8s.bench.store;

import org.jspecify.annotations.NullMarked;
