package io.j8s.controllers.cloud;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which cloud's loops run.
///
/// @param provider makes the provider from what controllers share; null: none of these loops runs here (`--cloud-provider=external`, or empty)
/// @param routes whether pods' addresses are routed by the cloud (`--configure-cloud-routes`)
/// @param podRanges whose routes are the cluster's own (`--cluster-cidr`)
public record CloudSettings(@Nullable Factory provider, boolean routes, List<String> podRanges) {

    public static final CloudSettings NONE = new CloudSettings(null, true, List.of());

    /// Makes a provider.
    @FunctionalInterface
    public interface Factory {
        CloudProvider create(io.j8s.controllers.frame.Context context);
    }

    public CloudSettings {
        podRanges = List.copyOf(podRanges);
    }

    public static CloudSettings of(Factory provider) {
        return new CloudSettings(provider, true, List.of());
    }
}
