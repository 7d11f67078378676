/// The resources of the API group `discovery.k8s.io`, each declared in a file of its own; [DiscoveryGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.discovery;

import org.jspecify.annotations.NullMarked;
