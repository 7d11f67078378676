package io.j8s.scheduler.framework;

import io.j8s.scheduler.state.NodeInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/// Why no node would do: for each node the plugin that ruled it out, and its reason.
public final class Diagnosis {

    /// @param plugin its name
    public record Verdict(String plugin, Rejection rejection) {}

    private record Entry(NodeInfo node, Verdict verdict) {}

    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> plugins = new TreeSet<>();
    private String wholly = "";
    private boolean whollyResolvable;
    private String afterwards = "";

    public void add(NodeInfo node, Verdict verdict) {
        entries.add(new Entry(node, verdict));
        plugins.add(verdict.plugin);
    }

    /// The pod as such cannot be placed.
    ///
    /// @param resolvable whether taking other pods away could change it
    public void whole(String plugin, String reason, boolean resolvable) {
        plugins.add(plugin);
        wholly = reason;
        whollyResolvable = resolvable;
    }

    /// What came of trying to make room, to be told after the reasons.
    public void afterwards(String text) {
        afterwards = text;
    }

    public void each(BiConsumer<NodeInfo, Verdict> visitor) {
        entries.forEach(entry -> visitor.accept(entry.node, entry.verdict));
    }

    /// Whether the reason lies with the pod, but could be changed by taking others away: then every node is worth a look.
    public boolean resolvableAnywhere() {
        return whollyResolvable;
    }

    /// Why the pod as such cannot be placed; empty when the reasons lie with the nodes.
    public String wholly() {
        return wholly;
    }

    /// The plugins that had something against it.
    public Set<String> plugins() {
        return Collections.unmodifiableSet(plugins);
    }

    /// How many nodes each reason rules out.
    public Map<String, Integer> reasons() {
        Map<Rejection, int[]> same = new IdentityHashMap<>();
        entries.forEach(entry -> same.computeIfAbsent(entry.verdict.rejection, r -> new int[1])[0]++);
        Map<String, Integer> counts = new TreeMap<>();
        same.forEach((rejection, count) -> {
            for (String reason : rejection.reason().split("\n")) {
                counts.merge(reason, count[0], Integer::sum);
            }
        });
        return counts;
    }

    /// The message that is shown: `0/5 nodes are available: 2 Insufficient cpu, 3 node(s) didn't match Pod's node affinity/selector. preemption: …`
    public String message(int nodes) {
        if (nodes == 0) {
            return "no nodes available to schedule pods";
        }
        StringBuilder text = new StringBuilder("0/").append(nodes).append(" nodes are available:");
        if (!wholly.isEmpty()) {
            text.append(' ').append(wholly).append('.');
        } else {
            text.append(counted(reasons()));
        }
        return afterwards.isEmpty() ? text.toString() : text.append(' ').append(afterwards).toString();
    }

    /// ` 2 this, 3 that.`, in the order of the words; empty without reasons.
    public static String counted(Map<String, Integer> reasons) {
        Set<String> lines = new TreeSet<>();
        reasons.forEach((reason, count) -> lines.add(count + " " + reason));
        return lines.isEmpty() ? "" : " " + String.join(", ", lines) + ".";
    }
}
