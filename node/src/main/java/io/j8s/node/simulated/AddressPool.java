package io.j8s.node.simulated;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// Pod addresses of one node, each used by one pod; they are given out in turn, so that an address rests after its use. Safe for any thread.
final class AddressPool {
    private final Ipv4Range range;
    private final Map<String, Integer> byPod = new HashMap<>();
    private final BitSet used = new BitSet();
    private int next = 2;

    /// The first address is the network's, the second the gateway's, the last is for broadcasts.
    AddressPool(Ipv4Range range) {
        this.range = range;
    }

    /// The pod's address: the one that it has, or a free one.
    synchronized String address(String podUid) {
        return range.address(byPod.computeIfAbsent(podUid, uid -> take()));
    }

    /// Keeps an address that a pod has from before.
    synchronized void keep(String podUid, String address) {
        for (int offset = 2; offset < range.size() - 1 && !byPod.containsKey(podUid); offset++) {
            if (range.address(offset).equals(address) && !used.get(offset)) {
                used.set(offset);
                byPod.put(podUid, offset);
            }
        }
    }

    synchronized void free(String podUid) {
        Integer offset = byPod.remove(podUid);
        if (offset != null) {
            used.clear(offset);
        }
    }

    private int take() {
        int last = (int) range.size() - 2;
        int offset = used.nextClearBit(next);
        if (offset > last) {
            offset = used.nextClearBit(2);
        }
        if (offset > last) {
            throw new IllegalStateException("no address is free in " + range + ": " + used.cardinality() + " pods have one");
        }
        used.set(offset);
        next = offset + 1;
        return offset;
    }
}
