package io.j8s.scheduler.framework;

/// No node can take the pod, for a reason that lies with the pod (a claim that does not exist, a gate).
public final class Unschedulable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean resolvable;

    public Unschedulable(String reason) {
        this(reason, false);
    }

    /// @param resolvable whether taking other pods away could change it
    public Unschedulable(String reason, boolean resolvable) {
        super(reason, null, false, false);
        this.resolvable = resolvable;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    public boolean resolvable() {
        return resolvable;
    }
}
