/// Tests with a real containerd.
@NullMarked
package io.j8s.node.containerd;

import org.jspecify.annotations.NullMarked;
