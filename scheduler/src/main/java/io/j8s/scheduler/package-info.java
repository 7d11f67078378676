/// kube-scheduler: places pods on nodes. [Scheduler] is its main path; [Preemption] makes room for pods that matter more.
@NullMarked
package io.j8s.scheduler;

import org.jspecify.annotations.NullMarked;
