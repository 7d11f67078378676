/// What kubelets may do (mode `Node`): uniform rules for most resources, and for those that belong to pods only what pods on the node refer to.
@NullMarked
package io.j8s.apiserver.authorization.node;

import org.jspecify.annotations.NullMarked;
