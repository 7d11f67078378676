/// Where the node agent keeps what.
@NullMarked
package io.j8s.node.layout;

import org.jspecify.annotations.NullMarked;
