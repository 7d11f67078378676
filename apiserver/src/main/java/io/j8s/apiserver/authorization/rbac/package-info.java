/// Role-based access control (`rbac.authorization.k8s.io/v1`): decisions from roles and bindings, and the rule that nobody grants what he does not hold.
@NullMarked
package io.j8s.apiserver.authorization.rbac;

import org.jspecify.annotations.NullMarked;
