/// What the scheduler knows of the cluster: nodes with what is taken on them, and counts that answer questions about many pods at once. No I/O, no threads:
/// all of it is owned by the scheduling task.
@NullMarked
package io.j8s.scheduler.state;

import org.jspecify.annotations.NullMarked;
