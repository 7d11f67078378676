package io.j8s.cluster.host;

import org.jspecify.annotations.Nullable;

/// Why a command of j8s could not do its work: one cause, one next step, and the exit status that belongs to the kind.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Kind kind;
    private final String nextStep;

    /// The kinds; exit statuses by class, as minikube's: 2 wrong flags, 3 not running, 10-19 program, 30-39 host, 80-89 cluster, 90-99 runtime, 100-109 control plane.
    public enum Kind {
        USAGE(2),
        PROGRAM(10),
        DATA_DIRECTORY_UNUSABLE(30),
        DATA_DIRECTORY_IN_USE(31),
        DATA_DIRECTORY_NEWER(32),
        PORT_IN_USE(33),
        PACKAGES_MISSING(34),
        NOT_ALLOWED(35),
        NOT_RUNNING(3),
        KUBECONFIG(36),
        RUNS_DIFFERENTLY(37),
        DISK_FULL(38),
        NODE_NOT_READY(80),
        RUNTIME(90),
        CONTROL_PLANE(100),
        START_TIMEOUT(101);

        private final int exitStatus;

        Kind(int exitStatus) {
            this.exitStatus = exitStatus;
        }

        public int exitStatus() {
            return exitStatus;
        }
    }

    public Failure(Kind kind, String cause, String nextStep) {
        this(kind, cause, nextStep, null);
    }

    public Failure(Kind kind, String cause, String nextStep, @Nullable Throwable origin) {
        super(cause, origin);
        this.kind = kind;
        this.nextStep = nextStep;
    }

    public Kind kind() {
        return kind;
    }

    public String nextStep() {
        return nextStep;
    }

    /// As printed: two lines.
    public String text() {
        return getMessage() + " [" + kind + "]\nnext: " + nextStep;
    }
}
