package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.TopologySpreadConstraint;
import io.j8s.scheduler.config.PluginArgs;
import io.j8s.scheduler.config.PluginSet;
import io.j8s.scheduler.config.ProfileConfiguration;
import io.j8s.scheduler.framework.Plugin;
import io.j8s.scheduler.framework.Point;
import io.j8s.scheduler.framework.Profile;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All plugins by name, with the points that each has something for; makes profiles of them.
public final class PluginRegistry {

    private static final Set<Point> FILTERS = EnumSet.of(Point.PRE_FILTER, Point.FILTER);
    private static final Set<Point> SCORES = EnumSet.of(Point.PRE_SCORE, Point.SCORE);
    private static final Set<Point> FILTERS_AND_SCORES = EnumSet.of(Point.PRE_FILTER, Point.FILTER, Point.PRE_SCORE, Point.SCORE);

    private static final Map<String, Set<Point>> POINTS = Map.ofEntries(
            Map.entry("SchedulingGates", EnumSet.of(Point.PRE_ENQUEUE)),
            Map.entry("PrioritySort", EnumSet.of(Point.QUEUE_SORT)),
            Map.entry("NodeUnschedulable", EnumSet.of(Point.FILTER)),
            Map.entry("NodeName", EnumSet.of(Point.FILTER)),
            Map.entry("TaintToleration", EnumSet.of(Point.FILTER, Point.PRE_SCORE, Point.SCORE)),
            Map.entry("NodeAffinity", FILTERS_AND_SCORES),
            Map.entry("NodePorts", FILTERS),
            Map.entry("NodeResourcesFit", FILTERS_AND_SCORES),
            Map.entry("VolumeRestrictions", FILTERS),
            Map.entry("NodeVolumeLimits", FILTERS),
            Map.entry("VolumeBinding", EnumSet.of(Point.PRE_FILTER, Point.FILTER, Point.RESERVE, Point.PRE_BIND, Point.PRE_SCORE, Point.SCORE)),
            Map.entry("VolumeZone", FILTERS),
            Map.entry("PodTopologySpread", FILTERS_AND_SCORES),
            Map.entry("InterPodAffinity", FILTERS_AND_SCORES),
            Map.entry("DynamicResources", EnumSet.of(Point.PRE_ENQUEUE, Point.PRE_FILTER, Point.FILTER, Point.POST_FILTER, Point.SCORE, Point.RESERVE, Point.PRE_BIND)),
            Map.entry("DefaultPreemption", EnumSet.of(Point.PRE_ENQUEUE, Point.POST_FILTER)),
            Map.entry("NodeResourcesBalancedAllocation", SCORES),
            Map.entry("ImageLocality", EnumSet.of(Point.SCORE)),
            Map.entry("DefaultBinder", EnumSet.of(Point.BIND)),
            Map.entry("NodeDeclaredFeatures", FILTERS));

    private final PluginContext context;

    public PluginRegistry(PluginContext context) {
        this.context = context;
    }

    /// Makes the plugins of a profile.
    ///
    /// @throws IllegalArgumentException when it names plugins that do not exist or have nothing for a point, or has none to sort or to bind
    public Profile profile(ProfileConfiguration configuration) {
        Map<String, Plugin> made = new HashMap<>();
        Map<Point, List<Plugin>> points = new EnumMap<>(Point.class);
        Map<String, Long> weights = new HashMap<>();
        for (Point point : Point.values()) {
            List<Plugin> plugins = new ArrayList<>();
            for (String name : enabled(configuration, point, weights)) {
                plugins.add(made.computeIfAbsent(name, n -> make(n, configuration.args(n))));
            }
            points.put(point, plugins);
        }
        String name = configuration.schedulerName();
        int sorting = points.getOrDefault(Point.QUEUE_SORT, List.of()).size();
        if (sorting != 1) {
            throw failure(name, "only one queue sort plugin required for profile with scheduler name \"" + name + "\", but got " + sorting);
        }
        if (points.getOrDefault(Point.BIND, List.of()).isEmpty()) {
            throw failure(name, "at least one bind plugin is needed for profile with scheduler name \"" + name + "\"");
        }
        return new Profile(name, points, weights);
    }

    private static IllegalArgumentException failure(String scheduler, String detail) {
        return new IllegalArgumentException("initializing profiles: creating profile for scheduler name " + scheduler + ": " + detail);
    }

    /// The names at a point: first those of several points that are named for this one too, in its order; then the others of several points; then those of this point alone.
    private static List<String> enabled(ProfileConfiguration configuration, Point point, Map<String, Long> weights) {
        PluginSet own = Objects.requireNonNull(configuration.points().get(point));
        Set<String> several = new LinkedHashSet<>();
        for (Map.Entry<String, Long> plugin : configuration.multiPoint().enabled()) {
            Set<Point> has = POINTS.get(plugin.getKey());
            if (has == null) {
                throw failure(configuration.schedulerName(), point.title() + "Plugin \"" + plugin.getKey() + "\" does not exist");
            }
            boolean explicit = own.enabled().stream().anyMatch(one -> one.getKey().equals(plugin.getKey()));
            boolean disabled = own.disabled().contains(plugin.getKey()) || own.disabled().contains("*");
            if (has.contains(point) && (explicit || !disabled)) {
                several.add(plugin.getKey());
                note(point, plugin, weights);
            }
        }
        List<String> names = new ArrayList<>();
        List<String> alone = new ArrayList<>();
        for (Map.Entry<String, Long> plugin : own.enabled()) {
            Set<Point> has = POINTS.get(plugin.getKey());
            if (has == null) {
                throw failure(configuration.schedulerName(), point.title() + "Plugin \"" + plugin.getKey() + "\" does not exist");
            }
            if (!has.contains(point)) {
                throw failure(configuration.schedulerName(), "plugin \"" + plugin.getKey() + "\" does not extend " + point.title() + "Plugin plugin");
            }
            if (names.contains(plugin.getKey()) || alone.contains(plugin.getKey())) {
                throw failure(configuration.schedulerName(), "plugin \"" + plugin.getKey() + "\" already registered as \"" + point.title() + "Plugin\"");
            }
            (several.remove(plugin.getKey()) ? names : alone).add(plugin.getKey());
            note(point, plugin, weights);
        }
        names.addAll(several);
        names.addAll(alone);
        return names;
    }

    private static void note(Point point, Map.Entry<String, Long> plugin, Map<String, Long> weights) {
        if (point == Point.SCORE && plugin.getValue() > 0) {
            weights.put(plugin.getKey(), plugin.getValue());
        }
    }

    private Plugin make(String name, PluginArgs args) {
        Function<PluginArgs, Plugin> further = context.further().get(name);
        if (further != null) {
            return further.apply(args);
        }
        return switch (name) {
            case "SchedulingGates" -> new SchedulingGates();
            case "PrioritySort" -> new PrioritySort();
            case "NodeUnschedulable" -> new NodeUnschedulable();
            case "NodeName" -> new NodeName();
            case "TaintToleration" -> new TaintToleration();
            case "NodeAffinity" -> new NodeAffinity(addedAffinity(args));
            case "NodePorts" -> new NodePorts();
            case "NodeResourcesFit" -> new NodeResourcesFit(
                    strategy(args.object("scoringStrategy")), ignored(args), Set.copyOf(args.texts("ignoredResourceGroups")), context.fromDevices());
            case "VolumeRestrictions" -> new VolumeRestrictions(context.volumes());
            case "NodeVolumeLimits" -> new NodeVolumeLimits(context.volumes());
            case "VolumeBinding" -> new VolumeBinding(context.volumes(), java.time.Duration.ofSeconds(args.number("bindTimeoutSeconds")));
            case "VolumeZone" -> new VolumeZone(context.volumes());
            case "PodTopologySpread" -> new PodTopologySpread(spreading(args), context.owners());
            case "InterPodAffinity" -> new InterPodAffinity((int) args.number("hardPodAffinityWeight"), args.on("ignorePreferredTermsOfExistingPods"));
            case "NodeResourcesBalancedAllocation" -> new NodeResourcesBalancedAllocation(weighted(args));
            case "ImageLocality" -> new ImageLocality();
            case "NodeDeclaredFeatures" -> new NodeDeclaredFeatures();
            case "DefaultBinder" -> context.binder();
            default -> throw new IllegalArgumentException("plugin \"" + name + "\": it cannot be made here, as nothing was given to make it of");
        };
    }

    private Set<String> ignored(PluginArgs args) {
        Set<String> all = new LinkedHashSet<>(context.ignoredResources());
        all.addAll(args.texts("ignoredResources"));
        return all;
    }

    private static io.j8s.model.core.v1.NodeAffinity addedAffinity(PluginArgs args) {
        return args.struct("addedAffinity", io.j8s.model.core.v1.NodeAffinity.TYPE) instanceof io.j8s.model.core.v1.NodeAffinity added
                ? added
                : io.j8s.model.core.v1.NodeAffinity.EMPTY;
    }

    private static List<ScoringStrategy.Weighted> weighted(PluginArgs args) {
        return args.objects("resources").stream().map(one -> new ScoringStrategy.Weighted(one.text("name"), one.number("weight"))).toList();
    }

    private static ScoringStrategy strategy(PluginArgs args) {
        List<ScoringStrategy.Weighted> resources = weighted(args);
        return switch (args.text("type")) {
            case "MostAllocated" -> new ScoringStrategy.MostAllocated(resources);
            case "RequestedToCapacityRatio" -> new ScoringStrategy.RequestedToCapacityRatio(resources, args.object("requestedToCapacityRatio").objects("shape").stream()
                    .map(point -> new ScoringStrategy.Point(point.number("utilization"), point.number("score"))).toList());
            default -> new ScoringStrategy.LeastAllocated(resources);
        };
    }

    private static @Nullable List<TopologySpreadConstraint> spreading(PluginArgs args) {
        return args.text("defaultingType").equals("System") ? null
                : args.objects("defaultConstraints").stream().map(one -> (TopologySpreadConstraint) one.asStruct(TopologySpreadConstraint.TYPE)).toList();
    }
}
