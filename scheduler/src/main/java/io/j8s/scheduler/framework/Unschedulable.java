package io.j8s.scheduler.framework;

/// No node can take the pod, for a reason that lies with the pod (a claim that does not exist, a gate).
public final class Unschedulable extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Unschedulable(String reason) {
        super(reason, null, false, false);
    }

    public String reason() {
        return String.valueOf(getMessage());
    }
}
