/// The resources of the API group `batch`, each declared in a file of its own; [BatchGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.batch;

import org.jspecify.annotations.NullMarked;
