package io.j8s.scheduler.plugins;

import io.j8s.scheduler.config.ProfileConfiguration;
import io.j8s.scheduler.config.SchedulerConfiguration;
import io.j8s.scheduler.framework.BindPlugin;
import io.j8s.scheduler.framework.Plugin;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The default profile as far as it decides: without what writes to an API.
public final class DefaultPlugins {

    private static final BindPlugin NO_BINDER = new BindPlugin() {
        @Override
        public String name() {
            return "DefaultBinder";
        }

        @Override
        public boolean bind(PodInfo pod, NodeInfo node) {
            return false;
        }
    };

    private record Absent(String name) implements Plugin {}

    private DefaultPlugins() {}

    public static Profile profile(OwnerSelectors owners, Volumes volumes) {
        return profile(owners, volumes, SchedulerConfiguration.defaults().profiles().getFirst());
    }

    /// The default profile with a plugin for devices.
    ///
    /// @param fromDevices which resources can be had as devices
    public static Profile profile(OwnerSelectors owners, Volumes volumes, Plugin dynamicResources, Predicate<String> fromDevices) {
        PluginContext context = new PluginContext(owners, volumes, NO_BINDER, Set.of(),
                Map.of("DynamicResources", args -> dynamicResources, "DefaultPreemption", args -> new Absent("DefaultPreemption")), fromDevices);
        return new PluginRegistry(context).profile(SchedulerConfiguration.defaults().profiles().getFirst());
    }

    /// A configured profile.
    public static Profile profile(OwnerSelectors owners, Volumes volumes, ProfileConfiguration configuration) {
        PluginContext context = new PluginContext(owners, volumes, NO_BINDER, Set.of(),
                Map.of("DynamicResources", args -> new Absent("DynamicResources"), "DefaultPreemption", args -> new Absent("DefaultPreemption")));
        return new PluginRegistry(context).profile(configuration);
    }
}
