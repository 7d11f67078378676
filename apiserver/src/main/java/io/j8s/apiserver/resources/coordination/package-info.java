/// The resources of the API group `coordination.k8s.io`, each declared in a file of its own; [CoordinationGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.coordination;

import org.jspecify.annotations.NullMarked;
