package io.j8s.network.cni;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the host's kernel must do for pods beyond their links: forward their packets, show bridged packets to the rules for services, and
/// let pods reach the world under the node's address (table `j8s-pods`).
public final class PodRouting {

    private static final Logger LOG = LoggerFactory.getLogger(PodRouting.class);
    private static final String TABLE = "j8s-pods";
    /// Kernel settings that a node needs; each is a path under /proc/sys.
    private static final Map<String, String> SETTINGS = Map.of(
            "net/ipv4/ip_forward", "1",
            "net/ipv6/conf/all/forwarding", "1",
            "net/bridge/bridge-nf-call-iptables", "1",
            "net/bridge/bridge-nf-call-ip6tables", "1");

    private PodRouting() {}

    /// Makes it so; safe to repeat. A setting that is refused is a warning: the host may have it by other means.
    ///
    /// @param podRanges the whole cluster's pod ranges: traffic between pods keeps its addresses
    public static void apply(List<String> podRanges) throws IOException, InterruptedException {
        run(List.of("modprobe", "br_netfilter"), "", false);
        SETTINGS.forEach(PodRouting::set);
        List<String> commands = new ArrayList<>();
        for (String range : podRanges) {
            String family = range.indexOf(':') >= 0 ? "ip6" : "ip";
            String table = family + " " + TABLE;
            commands.add("add table " + table);
            commands.add("delete table " + table);
            commands.add("add table " + table);
            commands.add("add chain " + table + " postrouting { type nat hook postrouting priority 110 ; }");
            commands.add("add rule " + table + " postrouting " + family + " saddr " + range + " " + family + " daddr != " + range
                    + " fib daddr type != local masquerade fully-random");
        }
        run(List.of("nft", "-f", "-"), String.join("\n", commands) + "\n", true);
    }

    /// Removes the rules.
    public static void remove() throws IOException, InterruptedException {
        for (String family : List.of("ip", "ip6")) {
            String table = family + " " + TABLE;
            run(List.of("nft", "-f", "-"), "add table " + table + "\ndelete table " + table + "\n", true);
        }
    }

    private static void set(String name, String value) {
        Path file = Path.of("/proc/sys").resolve(name);
        try {
            if (Files.exists(file) && !Files.readString(file).strip().equals(value)) {
                Files.writeString(file, value);
            }
        } catch (IOException e) {
            LOG.warn("the kernel setting {} could not be set to {} ({}); pods may not reach each other or services", name, value, e.getMessage());
        }
    }

    private static void run(List<String> command, String input, boolean required) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0 && required) {
                throw new IOException(String.join(" ", command) + " failed: " + output);
            }
        } catch (IOException e) {
            if (required) {
                throw e;
            }
            LOG.debug("{} could not be run: {}", command.getFirst(), e.getMessage());
        }
    }
}
