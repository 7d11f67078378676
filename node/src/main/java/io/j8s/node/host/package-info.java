/// The few things of Linux that Java has no method for: mounts, FIFOs, network namespaces, signals.
@NullMarked
package io.j8s.node.host;

import org.jspecify.annotations.NullMarked;
