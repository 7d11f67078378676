package io.j8s.controllers.cloud;

import io.j8s.controllers.Settings;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes the loops for those parts that the provider offers.
public final class CloudLoops {
    private CloudLoops() {}

    public static @Nullable Controller services(Context context, Settings settings, int workers) {
        return with(context, settings, CloudProvider::loadBalancers, balancers -> new ServiceController(context, balancers, workers));
    }

    public static @Nullable Controller routes(Context context, Settings settings, int workers) {
        return settings.cloud().routes() ? with(context, settings, CloudProvider::routes, routes -> new RouteController(context, routes, settings.cloud().podRanges())) : null;
    }

    public static @Nullable Controller nodes(Context context, Settings settings, int workers) {
        return with(context, settings, CloudProvider::instances, instances -> new CloudNodeController(context, instances, workers));
    }

    public static @Nullable Controller nodeLifecycle(Context context, Settings settings, int workers) {
        return with(context, settings, CloudProvider::instances, instances -> new CloudNodeLifecycleController(context, instances));
    }

    private static <P> @Nullable Controller with(Context context, Settings settings, Function<CloudProvider, @Nullable P> part, Function<P, Controller> loop) {
        CloudSettings.Factory factory = settings.cloud().provider();
        P found = factory == null ? null : part.apply(factory.create(context));
        return found == null ? null : loop.apply(found);
    }
}
