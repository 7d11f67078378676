package io.j8s.scheduler.state;

/// Which nodes have changed, in order: whoever keeps something by node follows it from where it stopped. Old entries are overwritten; who is further behind starts over.
public final class TouchedNodes {

    private static final int KEPT = 1 << 14;

    private final int[] ring = new int[KEPT];
    private long end;

    /// The number of changes so far.
    public long end() {
        return end;
    }

    /// Whether all changes since then are still known.
    public boolean reaches(long since) {
        return since >= 0 && end - since <= KEPT;
    }

    /// The index of the node of a change.
    public int at(long change) {
        return ring[(int) (change & (KEPT - 1))];
    }

    void add(int node) {
        ring[(int) (end++ & (KEPT - 1))] = node;
    }
}
