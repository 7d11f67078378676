/// The resources of the API group `node.k8s.io`, each declared in a file of its own; [NodeGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.node;

import org.jspecify.annotations.NullMarked;
