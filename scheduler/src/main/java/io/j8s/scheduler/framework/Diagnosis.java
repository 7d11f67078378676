package io.j8s.scheduler.framework;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Why no node would do: for each node the plugin that ruled it out, and its reason.
public final class Diagnosis {

    /// @param plugin its name
    public record Verdict(String plugin, Rejection rejection) {}

    private final Map<String, Verdict> byNode = new LinkedHashMap<>();
    private final Set<String> plugins = new TreeSet<>();
    private String wholly = "";

    public void add(String node, String plugin, Rejection rejection) {
        byNode.put(node, new Verdict(plugin, rejection));
        plugins.add(plugin);
    }

    /// The pod as such cannot be placed.
    public void whole(String plugin, String reason) {
        plugins.add(plugin);
        wholly = reason;
    }

    public Map<String, Verdict> byNode() {
        return Collections.unmodifiableMap(byNode);
    }

    /// The plugins that had something against it.
    public Set<String> plugins() {
        return Collections.unmodifiableSet(plugins);
    }

    /// The message that is shown: `0/5 nodes are available: 2 Insufficient cpu, 3 node(s) didn't match Pod's node affinity/selector.`
    public String message(int nodes) {
        StringBuilder text = new StringBuilder("0/").append(nodes).append(" nodes are available: ");
        if (!wholly.isEmpty()) {
            return text.append(wholly).append('.').toString();
        }
        if (byNode.isEmpty()) {
            return "no nodes available to schedule pods";
        }
        Map<String, Integer> counts = new TreeMap<>();
        byNode.values().forEach(verdict -> {
            for (String reason : verdict.rejection().reason().split("\n")) {
                counts.merge(reason, 1, Integer::sum);
            }
        });
        Set<String> lines = new TreeSet<>();
        counts.forEach((reason, count) -> lines.add(count + " " + reason));
        return text.append(String.join(", ", lines)).append('.').toString();
    }
}
