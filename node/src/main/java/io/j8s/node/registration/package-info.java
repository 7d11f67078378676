/// A node's own objects: the Node, its conditions, and the lease by which others know that it lives.
@NullMarked
package io.j8s.node.registration;

import org.jspecify.annotations.NullMarked;
