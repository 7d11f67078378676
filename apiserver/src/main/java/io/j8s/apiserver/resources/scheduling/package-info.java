/// The resources of the API group `scheduling.k8s.io`, each declared in a file of its own; [SchedulingGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.scheduling;

import org.jspecify.annotations.NullMarked;
