package io.j8s.scheduler.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is switched on, in order, with weights (0: not said), and what is switched off; `*` is all.
public record PluginSet(List<Map.Entry<String, Long>> enabled, Set<String> disabled) {

    public PluginSet {
        enabled = List.copyOf(enabled);
        disabled = Set.copyOf(disabled);
    }

    static PluginSet of(Node node) {
        return new PluginSet(
                node.objects("enabled").stream().map(plugin -> Map.entry(plugin.text("name"), plugin.number("weight"))).toList(),
                Set.copyOf(node.objects("disabled").stream().map(plugin -> plugin.text("name")).toList()));
    }

    boolean disables(String name) {
        return disabled.contains(name) || disabled.contains("*");
    }

    boolean enables(String name) {
        return enabled.stream().anyMatch(plugin -> plugin.getKey().equals(name));
    }
}
