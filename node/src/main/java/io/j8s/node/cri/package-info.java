/// The container runtime as the node agent sees it: CRI v1, and containerd's own API for what CRI 1.6 lacks, over gRPC on a Unix socket.
@NullMarked
package io.j8s.node.cri;

import org.jspecify.annotations.NullMarked;
