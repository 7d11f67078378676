/// The resources of the API group `apiregistration.k8s.io`, each declared in a file of its own; [ApiregistrationGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.apiregistration;

import org.jspecify.annotations.NullMarked;
