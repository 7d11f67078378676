/// Why a pod does not run, in words: from the scheduler's own evaluation, from what the pod's node says of it, and from the cluster's events. Reads only.
@NullMarked
package io.j8s.scheduler.why;

import org.jspecify.annotations.NullMarked;
