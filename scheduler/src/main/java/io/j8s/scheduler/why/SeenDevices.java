package io.j8s.scheduler.why;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodExtendedResourceClaimStatus;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.scheduler.devices.Devices;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Devices and claims as they are read once. Nothing is ever allocated here.
final class SeenDevices implements Devices {

    private final Reading reading;

    SeenDevices(Reading reading) {
        this.reading = reading;
    }

    @Override
    public @Nullable ResourceClaim claim(String namespace, String name) {
        return reading.all(ResourceClaim.RESOURCE, "").stream().filter(one -> one.metadata().namespace().equals(namespace) && one.metadata().name().equals(name)).findFirst().orElse(null);
    }

    @Override
    public List<ResourceClaim> allocated() {
        return reading.all(ResourceClaim.RESOURCE, "").stream().filter(one -> one.status().hasAllocation()).toList();
    }

    @Override
    public List<ResourceSlice> slices() {
        return reading.all(ResourceSlice.RESOURCE, "");
    }

    @Override
    public @Nullable DeviceClass deviceClass(String name) {
        return reading.all(DeviceClass.RESOURCE, "").stream().filter(one -> one.metadata().name().equals(name)).findFirst().orElse(null);
    }

    @Override
    public @Nullable DeviceClass classFor(String resource) {
        return reading.all(DeviceClass.RESOURCE, "").stream().filter(one -> one.spec().extendedResourceName().equals(resource)).findFirst().orElse(null);
    }

    @Override
    public @Nullable ResourceClaim extendedClaim(Pod pod) {
        return null; // what an earlier attempt left is the scheduler's to clear away
    }

    private static IllegalStateException readsOnly() {
        return new IllegalStateException("an explanation only reads");
    }

    @Override
    public ResourceClaim create(ResourceClaim claim) {
        throw readsOnly();
    }

    @Override
    public void delete(ResourceClaim claim) {
        throw readsOnly();
    }

    @Override
    public void tell(Pod pod, PodExtendedResourceClaimStatus status) {
        throw readsOnly();
    }

    @Override
    public boolean sees(ResourceClaim claim) {
        throw readsOnly();
    }

    @Override
    public void assume(ResourceClaim claim) {
        throw readsOnly();
    }

    @Override
    public void forget(ResourceClaim claim) {
        throw readsOnly();
    }

    @Override
    public @Nullable ResourceClaim newest(String namespace, String name) {
        throw readsOnly();
    }

    @Override
    public ResourceClaim write(ResourceClaim claim) {
        throw readsOnly();
    }

    @Override
    public ResourceClaim writeStatus(ResourceClaim claim) {
        throw readsOnly();
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration atMost) {
        throw readsOnly();
    }
}
