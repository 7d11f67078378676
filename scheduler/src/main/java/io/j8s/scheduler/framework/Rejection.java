package io.j8s.scheduler.framework;

/// Why a node will not do. The reason is the text that `kubectl describe` counts nodes by.
///
/// @param resolvable whether taking other pods from the node could change it
public record Rejection(String reason, boolean resolvable) {

    public static Rejection resolvable(String reason) {
        return new Rejection(reason, true);
    }

    public static Rejection unresolvable(String reason) {
        return new Rejection(reason, false);
    }
}
