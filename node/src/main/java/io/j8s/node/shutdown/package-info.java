/// What a node agent does when its host is about to go down (KEP-2000, KEP-2712).
@NullMarked
package io.j8s.node.shutdown;

import org.jspecify.annotations.NullMarked;
