package io.j8s.scheduler.framework;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The plugins that place the pods of one schedulerName, in order, for each extension point.
public final class Profile {

    private final String schedulerName;
    private final Map<Point, List<Plugin>> byPoint;
    private final Map<String, Plugin> byName = new HashMap<>();
    private final List<FilterPlugin> filters;
    private final List<Scorer> scorers;
    private final List<PreEnqueuePlugin> holds;
    private final List<PostFilterPlugin> postFilters;
    private final List<ReservePlugin> reserves;
    private final List<PermitPlugin> permits;
    private final List<PreBindPlugin> preBinds;
    private final List<BindPlugin> binds;
    private final List<PostBindPlugin> postBinds;

    /// A plugin with the weight of its scores.
    public record Scorer(ScorePlugin plugin, long weight) {}

    /// A plugin that is enabled wherever it can be, and the weight that its scores have.
    public record Enabled(Plugin plugin, long weight) {}

    /// @param byPoint the plugins that are enabled, in order
    /// @param weights the weight of the scores, by the plugin's name; 1 for those that are not named
    public Profile(String schedulerName, Map<Point, List<Plugin>> byPoint, Map<String, Long> weights) {
        this.schedulerName = schedulerName;
        this.byPoint = new EnumMap<>(byPoint);
        byPoint.values().forEach(plugins -> plugins.forEach(plugin -> byName.put(plugin.name(), plugin)));
        this.filters = at(Point.FILTER, FilterPlugin.class);
        this.holds = at(Point.PRE_ENQUEUE, PreEnqueuePlugin.class);
        this.postFilters = at(Point.POST_FILTER, PostFilterPlugin.class);
        this.reserves = at(Point.RESERVE, ReservePlugin.class);
        this.permits = at(Point.PERMIT, PermitPlugin.class);
        this.preBinds = at(Point.PRE_BIND, PreBindPlugin.class);
        this.binds = at(Point.BIND, BindPlugin.class);
        this.postBinds = at(Point.POST_BIND, PostBindPlugin.class);
        this.scorers = at(Point.SCORE, ScorePlugin.class).stream().map(plugin -> new Scorer(plugin, weights.getOrDefault(plugin.name(), 1L))).toList();
    }

    /// A profile in which each plugin is enabled at all points that it has something for.
    public Profile(String schedulerName, List<Enabled> enabled) {
        this(schedulerName, everywhere(enabled), weights(enabled));
    }

    private static Map<Point, List<Plugin>> everywhere(List<Enabled> enabled) {
        Map<Point, List<Plugin>> points = new EnumMap<>(Point.class);
        for (Enabled one : enabled) {
            for (Point point : Point.values()) {
                if (extended(point).isInstance(one.plugin)) {
                    points.computeIfAbsent(point, p -> new ArrayList<>()).add(one.plugin);
                }
            }
        }
        return points;
    }

    private static Map<String, Long> weights(List<Enabled> enabled) {
        Map<String, Long> weights = new HashMap<>();
        enabled.stream().filter(one -> one.weight > 0).forEach(one -> weights.put(one.plugin.name(), one.weight));
        return weights;
    }

    /// What a plugin implements that has something for a point. Filters and scores prepare themselves: preFilter and preScore are points of the same kind.
    private static Class<?> extended(Point point) {
        return switch (point) {
            case PRE_ENQUEUE -> PreEnqueuePlugin.class;
            case QUEUE_SORT -> QueueSortPlugin.class;
            case PRE_FILTER, FILTER -> FilterPlugin.class;
            case POST_FILTER -> PostFilterPlugin.class;
            case PRE_SCORE, SCORE -> ScorePlugin.class;
            case RESERVE -> ReservePlugin.class;
            case PERMIT -> PermitPlugin.class;
            case PRE_BIND -> PreBindPlugin.class;
            case BIND -> BindPlugin.class;
            case POST_BIND -> PostBindPlugin.class;
            case PLACEMENT_GENERATE, PLACEMENT_SCORE -> Void.class;
        };
    }

    private <P> List<P> at(Point point, Class<P> type) {
        return byPoint.getOrDefault(point, List.of()).stream().filter(type::isInstance).map(type::cast).toList();
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

    public List<PostFilterPlugin> postFilters() {
        return postFilters;
    }

    public List<ReservePlugin> reserves() {
        return reserves;
    }

    public List<PermitPlugin> permits() {
        return permits;
    }

    public List<PreBindPlugin> preBinds() {
        return preBinds;
    }

    public List<BindPlugin> binds() {
        return binds;
    }

    public List<PostBindPlugin> postBinds() {
        return postBinds;
    }

    /// The names of the plugins at a point.
    public List<String> names(Point point) {
        return byPoint.getOrDefault(point, List.of()).stream().map(Plugin::name).toList();
    }

    /// The plugin of this name, or null.
    public @Nullable Plugin plugin(String name) {
        return byName.get(name);
    }
}
