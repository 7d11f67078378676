package io.j8s.testkit.simulation;

import io.j8s.model.ApiResource;
import io.j8s.model.coordination.v1.Lease;
import io.j8s.model.core.v1.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The faults in force, and what was written. In simulated time one task runs at a time: no lock is needed.
final class Weather {
    private static final int MOST_REMEMBERED = 10_000;
    private Faults faults = Faults.NONE;
    private final List<String> writes = new ArrayList<>();
    private final Set<String> isolated = new HashSet<>();

    Faults faults() {
        return faults;
    }

    void change(Faults to) {
        faults = to;
    }

    void isolate(String component) {
        isolated.add(component);
    }

    void reconnect(String component) {
        isolated.remove(component);
    }

    boolean isolated(String component) {
        return isolated.contains(component);
    }

    /// Leases and the state of nodes are written for ever: they say that somebody lives.
    void wrote(String verb, ApiResource<?> resource, String namespace, String name) {
        boolean heartbeat = resource.plural().equals(Lease.RESOURCE.plural()) || resource.plural().equals(Node.RESOURCE.plural());
        if (!heartbeat && writes.size() < MOST_REMEMBERED) {
            writes.add(verb + " " + resource.plural() + " " + namespace + "/" + name);
        }
    }

    List<String> takeWrites() {
        List<String> taken = List.copyOf(writes);
        writes.clear();
        return taken;
    }
}
