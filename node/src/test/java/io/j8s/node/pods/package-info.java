/// Tests of the pure core of a pod's life, and of static pods.
@NullMarked
package io.j8s.node.pods;

import org.jspecify.annotations.NullMarked;
