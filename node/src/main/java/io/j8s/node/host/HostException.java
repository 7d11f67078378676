package io.j8s.node.host;

import java.io.IOException;

/// The kernel refused a call.
public final class HostException extends IOException {
    private static final long serialVersionUID = 1;

    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EBUSY = 16;
    public static final int EEXIST = 17;
    public static final int EINVAL = 22;

    private final int errno;

    HostException(String call, String object, int errno) {
        super(call + " " + object + ": " + name(errno));
        this.errno = errno;
    }

    /// The error's number (errno.h).
    public int errno() {
        return errno;
    }

    private static String name(int errno) {
        return switch (errno) {
            case EPERM -> "not permitted (root with CAP_SYS_ADMIN is needed)";
            case ENOENT -> "no such file or directory";
            case ESRCH -> "no such process";
            case EBUSY -> "in use";
            case EEXIST -> "exists already";
            case EINVAL -> "invalid argument (for unmount: not a mount point)";
            default -> "error " + errno;
        };
    }
}
