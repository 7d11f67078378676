package io.j8s.network.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The nft commands that lead from one ruleset of a family to another, to be run as one transaction. No I/O.
///
/// Chains and sets are made and filled first, then the maps point at them; what is no longer needed is deleted last.
final class RulesetDiff {

    static final String TABLE = "kube-proxy";
    private static final int ELEMENTS_PER_COMMAND = 500;

    private final String table;
    private final Family family;
    private final List<String> commands = new ArrayList<>();

    private RulesetDiff(Family family) {
        this.family = family;
        this.table = family.table + " " + TABLE;
    }

    /// The commands that make the table anew with this content, whatever was there.
    static List<String> fresh(Family family, Frame frame, Ruleset wanted) {
        RulesetDiff diff = new RulesetDiff(family);
        diff.frame(frame);
        diff.change(Ruleset.EMPTY, wanted);
        return diff.commands;
    }

    /// The commands that turn what is loaded into what is wanted; empty when nothing differs.
    static List<String> between(Family family, Ruleset loaded, Ruleset wanted) {
        RulesetDiff diff = new RulesetDiff(family);
        diff.change(loaded, wanted);
        return diff.commands;
    }

    /// The commands that remove the table, if it is there.
    static List<String> removal(Family family) {
        String table = family.table + " " + TABLE;
        return List.of("add table " + table, "delete table " + table);
    }

    private void frame(Frame frame) {
        String address = family.addressType;
        String ip = family.table;
        commands.addAll(removal(family));
        commands.add("add table " + table);
        commands.add("add map " + table + " service-ips { type " + address + " . inet_proto . inet_service : verdict ; }");
        commands.add("add map " + table + " service-nodeports { type inet_proto . inet_service : verdict ; }");
        commands.add("add map " + table + " no-endpoint-services { type " + address + " . inet_proto . inet_service : verdict ; }");
        commands.add("add map " + table + " no-endpoint-nodeports { type inet_proto . inet_service : verdict ; }");
        commands.add("add set " + table + " cluster-ips { type " + address + " ; }");
        commands.add("add set " + table + " hairpin-connections { type " + address + " . " + address + " ; }");
        String others = frame.local().others(ip);
        String toNode = frame.toNode(family);
        List<String> services = new ArrayList<>();
        if (!others.isEmpty()) {
            services.add(ip + " daddr @cluster-ips " + others + " " + frame.masquerade());
        }
        services.add(ip + " daddr . meta l4proto . th dport vmap @service-ips");
        List<String> refusals = new ArrayList<>(List.of(ip + " daddr . meta l4proto . th dport vmap @no-endpoint-services"));
        if (!toNode.isEmpty()) {
            services.add(toNode + " meta l4proto . th dport vmap @service-nodeports");
            refusals.add(toNode + " meta l4proto . th dport vmap @no-endpoint-nodeports");
        }
        chain("reject-chain", "", List.of("reject"));
        chain("mark-for-masquerade", "", List.of(frame.masquerade()));
        chain("services", "", services);
        chain("refusals", "", refusals);
        chain("nat-prerouting", "type nat hook prerouting priority -100 ;", List.of("jump services"));
        chain("nat-output", "type nat hook output priority -100 ;", List.of("jump services"));
        List<String> strays = new ArrayList<>(List.of(ip + " daddr @cluster-ips reject")); // a port that the service does not have
        List<String> ranges = frame.serviceRanges().stream().filter(range -> Family.of(range) == family).toList();
        if (!ranges.isEmpty()) {
            strays.add(ip + " daddr { " + String.join(", ", ranges) + " } drop");
        }
        chain("strays", "", strays);
        for (String hook : List.of("input", "forward", "output")) {
            List<String> rules = new ArrayList<>(List.of("ct state new jump refusals"));
            if (!hook.equals("input")) {
                rules.add("ct state new jump strays");
            }
            chain("filter-" + hook, "type filter hook " + hook + " priority -5 ;", rules);
        }
        chain("nat-postrouting", "type nat hook postrouting priority 100 ;", List.of(
                "meta mark & " + frame.mark() + " != 0 meta mark set meta mark xor " + frame.mark() + " masquerade fully-random",
                ip + " saddr . " + ip + " daddr @hairpin-connections masquerade fully-random"));
    }

    private void chain(String name, String hook, List<String> rules) {
        commands.add("add chain " + table + " " + name + (hook.isEmpty() ? "" : " { " + hook + " }"));
        rules.forEach(rule -> commands.add("add rule " + table + " " + name + " " + rule));
    }

    private void change(Ruleset from, Ruleset to) {
        new TreeMap<>(to.affinity()).forEach((name, seconds) -> {
            if (!seconds.equals(from.affinity().get(name))) {
                commands.add("add set " + table + " " + name + " { type " + family.addressType + " ; flags dynamic,timeout ; timeout " + seconds + "s ; }");
            }
        });
        List<String> changed = new TreeSet<>(to.chains().keySet()).stream()
                .filter(name -> !Objects.equals(to.chains().get(name), from.chains().get(name))).toList();
        changed.forEach(name -> commands.add((from.chains().containsKey(name) ? "flush" : "add") + " chain " + table + " " + name));
        changed.forEach(name -> Objects.requireNonNull(to.chains().get(name)).forEach(rule -> commands.add("add rule " + table + " " + name + " " + rule)));
        map("service-ips", from.servicePorts(), to.servicePorts());
        map("service-nodeports", from.nodePorts(), to.nodePorts());
        map("no-endpoint-services", from.refusedPorts(), to.refusedPorts());
        map("no-endpoint-nodeports", from.refusedNodePorts(), to.refusedNodePorts());
        set("cluster-ips", from.clusterIps(), to.clusterIps());
        set("hairpin-connections", pairs(from.hairpins()), pairs(to.hairpins()));
        remove(from, to);
    }

    /// Chains are flushed before any is deleted, since some of them jump to others.
    private void remove(Ruleset from, Ruleset to) {
        List<String> gone = new TreeSet<>(from.chains().keySet()).stream().filter(name -> !to.chains().containsKey(name)).toList();
        gone.forEach(name -> commands.add("flush chain " + table + " " + name));
        gone.forEach(name -> commands.add("delete chain " + table + " " + name));
        new TreeSet<>(from.affinity().keySet()).stream().filter(name -> !to.affinity().containsKey(name))
                .forEach(name -> commands.add("delete set " + table + " " + name));
    }

    private void map(String name, Map<String, String> from, Map<String, String> to) {
        elements("delete", name, new TreeMap<>(from).entrySet().stream().filter(e -> !e.getValue().equals(to.get(e.getKey()))).map(Map.Entry::getKey).toList());
        elements("add", name, new TreeMap<>(to).entrySet().stream().filter(e -> !e.getValue().equals(from.get(e.getKey()))).map(e -> e.getKey() + " : " + e.getValue()).toList());
    }

    private void set(String name, Set<String> from, Set<String> to) {
        elements("delete", name, new TreeSet<>(from).stream().filter(element -> !to.contains(element)).toList());
        elements("add", name, new TreeSet<>(to).stream().filter(element -> !from.contains(element)).toList());
    }

    private void elements(String verb, String name, List<String> elements) {
        for (int start = 0; start < elements.size(); start += ELEMENTS_PER_COMMAND) {
            List<String> some = elements.subList(start, Math.min(elements.size(), start + ELEMENTS_PER_COMMAND));
            commands.add(verb + " element " + table + " " + name + " { " + String.join(", ", some) + " }");
        }
    }

    private static Set<String> pairs(Set<String> addresses) {
        Set<String> pairs = new TreeSet<>();
        addresses.forEach(address -> pairs.add(address + " . " + address));
        return pairs;
    }
}
