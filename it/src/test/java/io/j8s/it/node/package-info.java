/// A whole cluster with real containers in a test host, used with the real kubectl.
@NullMarked
package io.j8s.it.node;

import org.jspecify.annotations.NullMarked;
