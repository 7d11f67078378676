/// The node agent's HTTPS API: logs, exec, attach, port forwarding, pods and figures, for the API server and monitoring.
@NullMarked
package io.j8s.node.server;

import org.jspecify.annotations.NullMarked;
