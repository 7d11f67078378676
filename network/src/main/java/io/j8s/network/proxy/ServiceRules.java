package io.j8s.network.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/// The core of the proxy: the rules for a set of service ports of one family. No I/O.
///
/// A packet to a service costs one lookup in `service-ips` (or `service-nodeports`) and one jump, however many services there are. A service's chain is
/// one rule that picks an endpoint at random and rewrites the destination; only session affinity needs a chain for each endpoint, since the choice has to
/// be remembered. Which endpoints take part follows KEP-2086 (internal policy), KEP-1669 (terminating endpoints) and KEP-2433 (topology hints).
final class ServiceRules {

    /// Marks packets for masquerading after routing.
    private static final String MASQUERADE = "jump mark-for-masquerade";

    private final Family family;
    private final String node;
    private final String zone;
    private final LocalTraffic local;
    private final Map<String, List<String>> chains = new HashMap<>();
    private final Map<String, Integer> affinity = new HashMap<>();
    private final Map<String, String> servicePorts = new HashMap<>();
    private final Map<String, String> nodePorts = new HashMap<>();
    private final Map<String, String> refusedPorts = new HashMap<>();
    private final Map<String, String> refusedNodePorts = new HashMap<>();
    private final Set<String> clusterIps = new HashSet<>();
    private final Set<String> hairpins = new HashSet<>();

    private ServiceRules(Family family, String node, String zone, LocalTraffic local) {
        this.local = local;
        this.family = family;
        this.node = node;
        this.zone = zone;
    }

    /// The rules for these ports, on a node of this name in this zone (empty: in none).
    ///
    /// @param local whose traffic is this node's own
    static Ruleset of(Family family, String node, String zone, LocalTraffic local, Iterable<ServicePort> ports) {
        ServiceRules rules = new ServiceRules(family, node, zone, local);
        for (ServicePort port : ports) {
            rules.add(port);
        }
        return new Ruleset(
                rules.chains, rules.affinity, rules.servicePorts, rules.nodePorts,
                rules.refusedPorts, rules.refusedNodePorts, rules.clusterIps, rules.hairpins);
    }

    private void add(ServicePort port) {
        List<Endpoint> everywhere = usable(hinted(port.endpoints()));
        List<Endpoint> here = usable(port.endpoints().stream().filter(Endpoint::local).toList());
        clusterIps.add(port.clusterIp());
        internal(port, port.internalLocal() ? here : everywhere, port.internalLocal() && !everywhere.isEmpty());
        external(port, everywhere, here);
    }

    /// What reaches the cluster address.
    private void internal(ServicePort port, List<Endpoint> endpoints, boolean othersHaveSome) {
        String key = key(port.clusterIp(), port.protocol(), port.port());
        if (endpoints.isEmpty()) {
            refusedPorts.put(key, refusal(othersHaveSome));
            return;
        }
        servicePorts.put(key, "goto " + balance(port, port.internalLocal() ? "local" : "service", endpoints));
    }

    /// What reaches a node port, an external address or a load balancer's address.
    private void external(ServicePort port, List<Endpoint> everywhere, List<Endpoint> here) {
        List<String> addresses = new ArrayList<>(port.externalIps());
        addresses.addAll(port.loadBalancerIps());
        if (addresses.isEmpty() && port.nodePort() == 0) {
            return;
        }
        List<Endpoint> endpoints = port.externalLocal() ? here : everywhere;
        if (endpoints.isEmpty()) {
            String refusal = refusal(!everywhere.isEmpty());
            addresses.forEach(address -> refusedPorts.put(key(address, port.protocol(), port.port()), refusal));
            if (port.nodePort() != 0) {
                refusedNodePorts.put(port.protocol() + " . " + port.nodePort(), refusal);
            }
            if (everywhere.isEmpty()) {
                return;
            }
        }
        String chain = externalChain(port, endpoints, everywhere);
        for (String address : port.externalIps()) {
            servicePorts.put(key(address, port.protocol(), port.port()), "goto " + chain);
        }
        for (String address : port.loadBalancerIps()) {
            servicePorts.put(key(address, port.protocol(), port.port()), "goto " + guarded(port, address, chain));
        }
        if (port.nodePort() != 0) {
            nodePorts.put(port.protocol() + " . " + port.nodePort(), "goto " + chain);
        }
    }

    /// Where other nodes could answer, a client should try again elsewhere (drop); where nobody can, it is told at once.
    private static String refusal(boolean othersCould) {
        return othersCould ? "drop" : "goto reject-chain";
    }

    /// With the policy Cluster the answer must come back through this node; with Local the client's address is kept, but what comes from this node's pods, or the node itself,
    /// is not from outside, whatever address it goes to.
    private String externalChain(ServicePort port, List<Endpoint> endpoints, List<Endpoint> everywhere) {
        String chain = chainName("external", port.id());
        if (!port.externalLocal()) {
            chains.put(chain, List.of(MASQUERADE, "goto " + balance(port, "service", endpoints)));
            return chain;
        }
        List<String> rules = new ArrayList<>();
        if (!everywhere.isEmpty()) {
            String all = balance(port, "service", everywhere);
            String pods = local.own(family.table);
            if (!pods.isEmpty()) {
                rules.add(pods + " goto " + all);
            }
            rules.add("fib saddr type local " + MASQUERADE);
            rules.add("fib saddr type local goto " + all);
        }
        if (!endpoints.isEmpty()) {
            rules.add("goto " + balance(port, "local", endpoints));
        } // else the packet goes on as it is, and is dropped where refusals are
        chains.put(chain, rules);
        return chain;
    }

    private String guarded(ServicePort port, String address, String chain) {
        List<String> ranges = port.sourceRanges().stream().filter(range -> Family.of(range) == family).toList();
        if (ranges.isEmpty()) {
            return chain;
        }
        String name = chainName("firewall", port.id() + "/" + address);
        List<String> rules = new ArrayList<>();
        rules.add(family.table + " saddr { " + String.join(", ", ranges) + ", " + address + " } goto " + chain); // a node that has the address itself comes from it
        rules.add("drop");
        chains.put(name, rules);
        return name;
    }

    /// The chain that picks one of the endpoints.
    private String balance(ServicePort port, String kind, List<Endpoint> endpoints) {
        String chain = chainName(kind, port.id());
        if (!chains.containsKey(chain)) {
            endpoints.forEach(endpoint -> hairpins.add(endpoint.address()));
            chains.put(chain, port.affinitySeconds() > 0 ? affine(port, endpoints) : List.of(dnat(port.protocol(), endpoints)));
        }
        return chain;
    }

    private String dnat(String protocol, List<Endpoint> endpoints) {
        if (endpoints.size() == 1) {
            return "meta l4proto " + protocol + " dnat to " + target(endpoints.getFirst());
        }
        StringBuilder rule = new StringBuilder("meta l4proto ").append(protocol).append(" dnat ").append(family.table).append(" to numgen random mod ").append(endpoints.size()).append(" map { ");
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint endpoint = endpoints.get(i);
            rule.append(i == 0 ? "" : ", ").append(i).append(" : ").append(endpoint.address()).append(" . ").append(endpoint.port());
        }
        return rule.append(" }").toString();
    }

    private List<String> affine(ServicePort port, List<Endpoint> endpoints) {
        List<String> rules = new ArrayList<>();
        StringBuilder pick = new StringBuilder("numgen random mod ").append(endpoints.size()).append(" vmap { ");
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint endpoint = endpoints.get(i);
            String id = port.id() + "__" + endpoint.address() + "/" + endpoint.port();
            String set = chainName("affinity" + port.affinitySeconds(), id);
            String chain = chainName("endpoint", id);
            affinity.put(set, port.affinitySeconds());
            chains.put(chain, List.of("update @" + set + " { " + family.table + " saddr }", "meta l4proto " + port.protocol() + " dnat to " + target(endpoint)));
            rules.add(family.table + " saddr @" + set + " goto " + chain);
            pick.append(i == 0 ? "" : ", ").append(i).append(" : goto ").append(chain);
        }
        rules.add(pick.append(" }").toString());
        return rules;
    }

    /// The endpoints meant for this node or zone, if every ready endpoint says for whom it is meant and some are for us; else all.
    private List<Endpoint> hinted(List<Endpoint> endpoints) {
        List<Endpoint> ready = endpoints.stream().filter(Endpoint::ready).toList();
        if (ready.stream().anyMatch(e -> e.zones().isEmpty() && e.nodes().isEmpty())) {
            return endpoints;
        }
        for (Predicate<Endpoint> meant : List.<Predicate<Endpoint>>of(e -> e.nodes().contains(node), e -> !zone.isEmpty() && e.zones().contains(zone))) {
            List<Endpoint> ours = ready.stream().filter(meant).toList();
            if (!ours.isEmpty()) {
                return ours;
            }
        }
        return endpoints;
    }

    /// The ready ones; when there are none, those that still serve while they end.
    private static List<Endpoint> usable(List<Endpoint> endpoints) {
        List<Endpoint> ready = endpoints.stream().filter(Endpoint::ready).toList();
        return ready.isEmpty() ? endpoints.stream().filter(e -> e.serving() && e.terminating()).toList() : ready;
    }

    private String target(Endpoint endpoint) {
        return family == Family.IPV6 ? "[" + endpoint.address() + "]:" + endpoint.port() : endpoint.address() + ":" + endpoint.port();
    }

    private static String key(String address, String protocol, int port) {
        return address + " . " + protocol + " . " + port;
    }

    /// `kind-hash-readable`, at most 110 characters (nftables allows 127).
    private static String chainName(String kind, String id) {
        CRC32C checksum = new CRC32C();
        checksum.update(id.getBytes(StandardCharsets.UTF_8));
        String readable = id.replace(':', '.');
        String name = kind + "-" + Long.toString(checksum.getValue(), 36) + "-" + readable;
        return name.length() <= 110 ? name : name.substring(0, 110);
    }
}
