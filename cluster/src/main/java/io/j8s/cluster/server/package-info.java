/// The cluster in one process: what it is made of, in start order, and its settings.
@NullMarked
package io.j8s.cluster.server;

import org.jspecify.annotations.NullMarked;
