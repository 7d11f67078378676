/// The pods that wait for a node: those to be looked at next, those that back off after a failed attempt, and those that wait for the cluster to change. No I/O.
@NullMarked
package io.j8s.scheduler.queue;

import org.jspecify.annotations.NullMarked;
