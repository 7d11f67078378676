/// Tests of container logs.
@NullMarked
package io.j8s.node.logs;

import org.jspecify.annotations.NullMarked;
