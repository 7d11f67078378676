/// The resources of the API group `autoscaling`, each declared in a file of its own; [AutoscalingGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.autoscaling;

import org.jspecify.annotations.NullMarked;
