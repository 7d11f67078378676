/// Tests of the node's HTTPS API, with real containers.
@NullMarked
package io.j8s.node.server;

import org.jspecify.annotations.NullMarked;
