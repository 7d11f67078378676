/// Requests that are carried on to others: logs, exec, attach and port forwarding to kubelets; `proxy` to pods, services and nodes. Bytes are passed through as
/// they are wherever both ends speak the same protocol, so that the server's part in a session is two copying threads.
@NullMarked
package io.j8s.apiserver.streaming;

import org.jspecify.annotations.NullMarked;
