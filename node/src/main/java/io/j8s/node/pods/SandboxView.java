package io.j8s.node.pods;

import java.util.List;

/// A pod's sandbox as the runtime shows it.
///
/// @param attempt counts sandboxes of the pod, from 0
/// @param addresses of the pod, the first being its primary one; empty on the host's network
record SandboxView(String id, int attempt, boolean ready, List<String> addresses) {
    SandboxView {
        addresses = List.copyOf(addresses);
    }
}
