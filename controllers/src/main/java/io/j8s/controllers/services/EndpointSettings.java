package io.j8s.controllers.services;

import java.time.Duration;

/// How the addresses of services are kept.
///
/// @param endpointsBatch how long changes of pods are gathered before Endpoints are written (`--endpoint-updates-batch-period`)
/// @param slicesBatch the same for EndpointSlices (`--endpointslice-updates-batch-period`)
/// @param mirroringBatch the same for slices that mirror Endpoints (`--mirroring-endpointslice-updates-batch-period`)
/// @param perSlice how many endpoints a slice holds at most (`--max-endpoints-per-slice`)
/// @param mirroredPerSubset how many addresses of a subset are mirrored (`--mirroring-max-endpoints-per-subset`)
public record EndpointSettings(Duration endpointsBatch, Duration slicesBatch, Duration mirroringBatch, int perSlice, int mirroredPerSubset) {
    public static final EndpointSettings DEFAULT = new EndpointSettings(Duration.ZERO, Duration.ZERO, Duration.ZERO, 100, 1000);
    private static final int MOST = 1000;

    public EndpointSettings {
        check("--max-endpoints-per-slice", perSlice);
        check("--mirroring-max-endpoints-per-subset", mirroredPerSubset);
        checkNotNegative("--endpoint-updates-batch-period", endpointsBatch);
        checkNotNegative("--endpointslice-updates-batch-period", slicesBatch);
        checkNotNegative("--mirroring-endpointslice-updates-batch-period", mirroringBatch);
    }

    private static void check(String flag, int endpoints) {
        if (endpoints < 1 || endpoints > MOST) {
            throw new IllegalArgumentException(flag + ": must be 1 to " + MOST + ", not " + endpoints);
        }
    }

    private static void checkNotNegative(String flag, Duration period) {
        if (period.isNegative()) {
            throw new IllegalArgumentException(flag + ": must not be negative, but is " + period);
        }
    }
}
