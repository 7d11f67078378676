/// The pod network of one node: the configuration that the container runtime hands to the standard CNI plugins.
@NullMarked
package io.j8s.network.cni;

import org.jspecify.annotations.NullMarked;
