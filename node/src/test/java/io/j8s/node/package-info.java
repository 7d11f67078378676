/// Tests of the whole node agent, with real containers.
@NullMarked
package io.j8s.node;

import org.jspecify.annotations.NullMarked;
