package io.j8s.scheduler.framework;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The plugins that place the pods of one schedulerName, in order.
public final class Profile {

    private final String schedulerName;
    private final List<FilterPlugin> filters;
    private final List<Scorer> scorers;
    private final List<PreEnqueuePlugin> holds;
    private final List<ReservePlugin> reserves;
    private final List<PreBindPlugin> preBinds;
    private final List<Plugin> plugins;

    /// A plugin with the weight of its scores.
    public record Scorer(ScorePlugin plugin, long weight) {}

    /// A plugin that is enabled, and the weight that its scores have.
    public record Enabled(Plugin plugin, long weight) {}

    public Profile(String schedulerName, List<Enabled> enabled) {
        this.schedulerName = schedulerName;
        this.plugins = enabled.stream().map(Enabled::plugin).toList();
        this.filters = all(FilterPlugin.class);
        this.holds = all(PreEnqueuePlugin.class);
        this.reserves = all(ReservePlugin.class);
        this.preBinds = all(PreBindPlugin.class);
        List<Scorer> scoring = new ArrayList<>();
        for (Enabled one : enabled) {
            if (one.plugin instanceof ScorePlugin plugin && one.weight > 0) {
                scoring.add(new Scorer(plugin, one.weight));
            }
        }
        this.scorers = List.copyOf(scoring);
    }

    private <P> List<P> all(Class<P> point) {
        return plugins.stream().filter(point::isInstance).map(point::cast).toList();
    }

    public String schedulerName() {
        return schedulerName;
    }

    public List<FilterPlugin> filters() {
        return filters;
    }

    public List<Scorer> scorers() {
        return scorers;
    }

    public List<PreEnqueuePlugin> holds() {
        return holds;
    }

    public List<ReservePlugin> reserves() {
        return reserves;
    }

    public List<PreBindPlugin> preBinds() {
        return preBinds;
    }

    /// The plugin of this name, or null.
    public @Nullable Plugin plugin(String name) {
        return plugins.stream().filter(plugin -> plugin.name().equals(name)).findFirst().orElse(null);
    }
}
