package io.j8s.controllers.devicetainteviction;

import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.model.resource.v1.Device;
import io.j8s.model.resource.v1.DeviceRequestAllocationResult;
import io.j8s.model.resource.v1.DeviceTaint;
import io.j8s.model.resource.v1.DeviceToleration;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The devices of all pools as the slices of each pool's newest generation describe them.
final class DevicePools {
    private static final String NO_EXECUTE = "NoExecute";
    private final Index<ResourceSlice> slicesByPool;

    DevicePools(Informer<ResourceSlice> slices) {
        this.slicesByPool = slices.index("pool", slice -> List.of(pool(slice.spec().driver(), slice.spec().pool().name())));
    }

    static String pool(String driver, String name) {
        return driver + "/" + name;
    }

    /// When pods that use a claim have to go: the earliest moment that one of its devices' taints asks for; null: never.
    @Nullable Instant evictionTime(ResourceClaim claim, Instant now) {
        Instant earliest = null;
        for (DeviceRequestAllocationResult allocated : claim.status().allocation().devices().results()) {
            for (DeviceTaint taint : taints(allocated)) {
                Instant when = evictionTime(taint, allocated.tolerations(), now);
                if (when != null && (earliest == null || when.isBefore(earliest))) {
                    earliest = when;
                }
            }
        }
        return earliest;
    }

    private List<DeviceTaint> taints(DeviceRequestAllocationResult allocated) {
        List<ResourceSlice> slices = slicesByPool.get(pool(allocated.driver(), allocated.pool()));
        OptionalLong newest = slices.stream().mapToLong(slice -> slice.spec().pool().generation()).max();
        return slices.stream()
                .filter(slice -> slice.spec().pool().generation() == newest.orElse(0))
                .flatMap(slice -> slice.spec().devices().stream())
                .filter(device -> device.name().equals(allocated.device()))
                .findFirst()
                .map(Device::taints)
                .orElse(List.of())
                .stream()
                .filter(taint -> taint.effect().equals(NO_EXECUTE))
                .toList();
    }

    /// The shortest of the tolerations' times counts; one without a time tolerates for ever.
    private static @Nullable Instant evictionTime(DeviceTaint taint, List<DeviceToleration> tolerations, Instant now) {
        Instant added = taint.timeAdded();
        long shortest = Long.MAX_VALUE;
        for (DeviceToleration toleration : tolerations) {
            if (toleration.effect().equals(NO_EXECUTE) && tolerates(toleration, taint)) {
                if (!toleration.hasTolerationSeconds()) {
                    return null;
                }
                shortest = Math.min(shortest, Math.max(0, toleration.tolerationSeconds()));
            }
        }
        Instant from = added == null ? now : added;
        return shortest == Long.MAX_VALUE ? from : from.plusSeconds(shortest);
    }

    private static boolean tolerates(DeviceToleration toleration, DeviceTaint taint) {
        if (!toleration.key().isEmpty() && !toleration.key().equals(taint.key())) {
            return false;
        }
        return switch (toleration.operator()) {
            case "Exists" -> true;
            case "", "Equal" -> toleration.value().equals(taint.value());
            default -> false;
        };
    }
}
