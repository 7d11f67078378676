/// SPDY/3.1 as the container runtime's streaming server speaks it: several byte streams over one upgraded connection. Client side only.
@NullMarked
package io.j8s.node.spdy;

import org.jspecify.annotations.NullMarked;
