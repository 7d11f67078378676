package io.j8s.scheduler.plugins;

import io.j8s.scheduler.config.PluginArgs;
import io.j8s.scheduler.framework.BindPlugin;
import io.j8s.scheduler.framework.Plugin;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// What plugins are made of, besides their arguments.
///
/// @param binder the plugin that binds over the API
/// @param ignoredResources resources that extenders look after
/// @param fromDevices which resources can be had as devices where nodes do not count them themselves (KEP-5004)
/// @param further plugins that are made elsewhere, by name
public record PluginContext(OwnerSelectors owners, Volumes volumes, BindPlugin binder, Set<String> ignoredResources, Map<String, Function<PluginArgs, Plugin>> further,
        Predicate<String> fromDevices) {

    public PluginContext(OwnerSelectors owners, Volumes volumes, BindPlugin binder, Set<String> ignoredResources, Map<String, Function<PluginArgs, Plugin>> further) {
        this(owners, volumes, binder, ignoredResources, further, resource -> false);
    }

    public PluginContext {
        ignoredResources = Set.copyOf(ignoredResources);
        further = Map.copyOf(further);
    }
}
