/// A revisioned key-value store with etcd's semantics (revisions, transactions, leases, watch, compaction), and its durable embedded implementation.
@NullMarked
package io.j8s.store;

import org.jspecify.annotations.NullMarked;
