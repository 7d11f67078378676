package io.j8s.scheduler.config;

import io.j8s.scheduler.framework.Point;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// One profile: which plugins place the pods of a schedulerName, and their arguments.
///
/// @param multiPoint plugins that are enabled at all points that they have something for
/// @param points what is said for single points
/// @param args by the plugin's name, defaulted
public record ProfileConfiguration(String schedulerName, PluginSet multiPoint, Map<Point, PluginSet> points, Map<String, PluginArgs> args) {

    static ProfileConfiguration of(Node profile) {
        Map<Point, PluginSet> points = new EnumMap<>(Point.class);
        for (Point point : Point.values()) {
            points.put(point, PluginSet.of(profile.object("plugins").object(point.field())));
        }
        Map<String, PluginArgs> args = new TreeMap<>();
        profile.objects("pluginConfig").forEach(config -> args.put(config.text("name"), new PluginArgs(config.object("args"))));
        return new ProfileConfiguration(profile.text("schedulerName"), PluginSet.of(profile.object("plugins").object("multiPoint")), points, args);
    }

    /// A plugin's arguments; the defaults when none are given.
    public PluginArgs args(String plugin) {
        PluginArgs given = args.get(plugin);
        return given == null ? PluginArgs.defaults(plugin) : given;
    }
}
