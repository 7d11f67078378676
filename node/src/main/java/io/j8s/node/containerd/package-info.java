/// A private containerd: its configuration, its process, and what it leaves behind on the host.
@NullMarked
package io.j8s.node.containerd;

import org.jspecify.annotations.NullMarked;
