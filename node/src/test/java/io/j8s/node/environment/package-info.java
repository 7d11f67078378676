/// Tests of what containers find in their environment.
@NullMarked
package io.j8s.node.environment;

import org.jspecify.annotations.NullMarked;
