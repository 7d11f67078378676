package io.j8s.network.proxy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the proxy knows and what it has loaded: the cost of a change depends on the services that changed, not on how many there are. No I/O; owned by one thread.
///
/// Each service's rules are a fragment of its own (names and keys carry the service); only the hairpin addresses are shared between services, and they are counted.
final class ProxyState {

    private final String node;
    private Frame frame;
    private String zone;
    private final Map<String, List<ServicePort>> known = new HashMap<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private final Map<Family, Loaded> loaded = new EnumMap<>(Family.class);

    /// What is in the kernel for one family.
    private static final class Loaded {
        final Map<String, Ruleset> fragments = new HashMap<>();
        final Map<String, Integer> hairpins = new HashMap<>();
        boolean framed;
    }

    /// @param node the node's name
    ProxyState(String node, String zone, Frame frame) {
        this.node = node;
        this.zone = zone;
        this.frame = frame;
        for (Family family : Family.values()) {
            loaded.put(family, new Loaded());
        }
    }

    /// Sets a service's ports of all families; an empty list forgets it.
    void put(String service, List<ServicePort> ports) {
        List<ServicePort> before = ports.isEmpty() ? known.remove(service) : known.put(service, List.copyOf(ports));
        if (!ports.equals(before == null ? List.of() : before)) {
            changed.add(service);
        }
    }

    /// Sets this node's zone; hints are looked at anew.
    void zone(String name) {
        if (!zone.equals(name)) {
            zone = name;
            changed.addAll(known.keySet());
        }
    }

    /// Sets what all services share; another one than before makes the tables anew.
    void frame(Frame wanted) {
        if (!frame.equals(wanted)) {
            frame = wanted;
            invalidate();
        }
    }

    /// Forgets what is believed to be loaded: the next change makes the tables anew.
    void invalidate() {
        loaded.values().forEach(family -> {
            family.framed = false;
            family.fragments.clear();
            family.hairpins.clear();
        });
        changed.addAll(known.keySet());
    }

    /// The change that is to be made now: nft commands, and what to do once they have been run.
    record Change(List<String> commands, Runnable done) {}

    /// Whether everything is to be loaded, not only what changed.
    boolean fresh() {
        return loaded.values().stream().anyMatch(family -> !family.framed);
    }

    /// What has to be done for the kernel to hold what is known; no commands when it does.
    Change next() {
        List<String> commands = new ArrayList<>();
        List<Runnable> after = new ArrayList<>();
        Set<String> services = Set.copyOf(changed);
        for (Family family : Family.values()) {
            next(family, services, commands, after);
        }
        return new Change(commands, () -> {
            after.forEach(Runnable::run);
            changed.removeAll(services);
        });
    }

    private void next(Family family, Set<String> services, List<String> commands, List<Runnable> after) {
        Loaded now = loaded(family);
        Map<String, Ruleset> wanted = new HashMap<>();
        for (String service : services) {
            List<ServicePort> ports = known.getOrDefault(service, List.of()).stream().filter(port -> Family.of(port.clusterIp()) == family).toList();
            wanted.put(service, ports.isEmpty() ? Ruleset.EMPTY : ServiceRules.of(family, node, zone, frame.local(), ports));
        }
        List<Ruleset> before = services.stream().map(service -> now.fragments.getOrDefault(service, Ruleset.EMPTY)).toList();
        Map<String, Integer> counts = new HashMap<>(now.hairpins);
        before.forEach(fragment -> fragment.hairpins().forEach(address -> counts.merge(address, -1, ProxyState::countOrGone)));
        wanted.values().forEach(fragment -> fragment.hairpins().forEach(address -> counts.merge(address, 1, ProxyState::countOrGone)));
        Ruleset from = union(before, now.hairpins.keySet());
        Ruleset to = union(wanted.values(), counts.keySet());
        commands.addAll(now.framed
                ? RulesetDiff.between(family, from, to)
                : RulesetDiff.fresh(family, frame, to));
        after.add(() -> {
            now.framed = true;
            wanted.forEach((service, fragment) -> {
                if (fragment.equals(Ruleset.EMPTY)) {
                    now.fragments.remove(service);
                } else {
                    now.fragments.put(service, fragment);
                }
            });
            now.hairpins.clear();
            now.hairpins.putAll(counts);
        });
    }

    private Loaded loaded(Family family) {
        Loaded found = loaded.get(family);
        if (found == null) {
            throw new IllegalStateException("no state for family " + family);
        }
        return found;
    }

    @SuppressWarnings("NullAway") // null tells Map.merge to remove the key
    private static Integer countOrGone(Integer count, Integer more) {
        return count + more == 0 ? null : Integer.valueOf(count + more);
    }

    private static Ruleset union(Collection<Ruleset> fragments, Set<String> hairpins) {
        Map<String, List<String>> chains = new HashMap<>();
        Map<String, Integer> affinity = new HashMap<>();
        Map<String, String> servicePorts = new HashMap<>();
        Map<String, String> nodePorts = new HashMap<>();
        Map<String, String> refusedPorts = new HashMap<>();
        Map<String, String> refusedNodePorts = new HashMap<>();
        Set<String> clusterIps = new HashSet<>();
        for (Ruleset fragment : fragments) {
            chains.putAll(fragment.chains());
            affinity.putAll(fragment.affinity());
            servicePorts.putAll(fragment.servicePorts());
            nodePorts.putAll(fragment.nodePorts());
            refusedPorts.putAll(fragment.refusedPorts());
            refusedNodePorts.putAll(fragment.refusedNodePorts());
            clusterIps.addAll(fragment.clusterIps());
        }
        return new Ruleset(chains, affinity, servicePorts, nodePorts, refusedPorts, refusedNodePorts, clusterIps, hairpins);
    }
}
