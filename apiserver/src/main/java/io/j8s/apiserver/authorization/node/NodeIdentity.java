package io.j8s.apiserver.authorization.node;

import io.j8s.apiserver.authentication.User;

/// Tells kubelets by their user.
public final class NodeIdentity {

    private static final String PREFIX = "system:node:";
    private static final String GROUP = "system:nodes";

    private NodeIdentity() {}

    /// Whether the user is a kubelet.
    public static boolean isNode(User user) {
        return user.name().startsWith(PREFIX) && user.in(GROUP);
    }

    /// The name of a kubelet's node; empty for other users.
    public static String nodeOf(User user) {
        return isNode(user) ? user.name().substring(PREFIX.length()) : "";
    }
}
