/// The resources of the API group `apiextensions.k8s.io`, each declared in a file of its own; [ApiextensionsGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.apiextensions;

import org.jspecify.annotations.NullMarked;
