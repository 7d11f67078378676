package io.j8s.store;

/// A revision was asked for whose history has been compacted away.
public final class CompactedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final long compactedRevision;

    public CompactedException(long asked, long compactedRevision) {
        super("revision " + asked + " has been compacted away; the oldest one that can be read is " + compactedRevision);
        this.compactedRevision = compactedRevision;
    }

    public long compactedRevision() {
        return compactedRevision;
    }
}
