/// The resources of the API group `networking.k8s.io`, each declared in a file of its own; [NetworkingGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.networking;

import org.jspecify.annotations.NullMarked;
