/// The resources of the API group `rbac.authorization.k8s.io`, each declared in a file of its own; [RbacGroup] lists them.
@NullMarked
package io.j8s.apiserver.resources.rbac;

import org.jspecify.annotations.NullMarked;
