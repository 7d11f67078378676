/// The resources of the API group `policy`, each declared in a file of its own; [PolicyGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.policy;

import org.jspecify.annotations.NullMarked;
