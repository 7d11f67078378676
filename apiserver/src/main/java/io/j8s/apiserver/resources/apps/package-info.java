/// The resources of the API group `apps`, each declared in a file of its own; [AppsGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.apps;

import org.jspecify.annotations.NullMarked;
