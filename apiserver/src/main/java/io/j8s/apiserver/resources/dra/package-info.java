/// The resources of the API group `resource.k8s.io`, each declared in a file of its own; [DynamicResourcesGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.dra;

import org.jspecify.annotations.NullMarked;
