/// Who may do what: the seam to which the authorizers (Node, RBAC, ABAC, webhooks) are joined.
@NullMarked
package io.j8s.apiserver.authorization;

import org.jspecify.annotations.NullMarked;
