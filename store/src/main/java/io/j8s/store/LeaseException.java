package io.j8s.store;

/// A lease that is named is not there, or one that is to be made is there already. Nothing was changed.
public final class LeaseException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final long lease;
    private final boolean exists;

    private LeaseException(String message, long lease, boolean exists) {
        super(message);
        this.lease = lease;
        this.exists = exists;
    }

    public static LeaseException notFound(long lease) {
        return new LeaseException("lease " + Long.toHexString(lease) + " does not exist or has expired; grant a new one", lease, false);
    }

    public static LeaseException exists(long lease) {
        return new LeaseException("lease " + Long.toHexString(lease) + " exists already; choose another id, or 0 to have one chosen", lease, true);
    }

    public long lease() {
        return lease;
    }

    /// Whether the trouble is that it exists (else: that it does not).
    public boolean exists() {
        return exists;
    }
}
