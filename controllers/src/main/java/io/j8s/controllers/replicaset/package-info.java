/// Keeps a number of equal pods: of ReplicaSets, and of ReplicationControllers, which are the same under an older name.
@NullMarked
package io.j8s.controllers.replicaset;

import org.jspecify.annotations.NullMarked;
