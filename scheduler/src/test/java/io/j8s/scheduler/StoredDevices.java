package io.j8s.scheduler;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodExtendedResourceClaimStatus;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import io.j8s.scheduler.devices.Devices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Claims and devices in maps; what is written is there at once.
final class StoredDevices implements Devices {

    final Map<String, ResourceClaim> claims = new TreeMap<>();
    final Map<String, ResourceSlice> slices = new TreeMap<>();
    final List<DeviceClass> classes = new ArrayList<>();
    /// What pods were told of the claims for their extended resources, by uid.
    final Map<String, PodExtendedResourceClaimStatus> told = new HashMap<>();
    private final Map<String, ResourceClaim> assumed = new HashMap<>();

    static String key(ResourceClaim claim) {
        return claim.metadata().namespace() + "/" + claim.metadata().name();
    }

    @Override
    public @Nullable ResourceClaim claim(String namespace, String name) {
        String key = namespace + "/" + name;
        return assumed.getOrDefault(key, claims.get(key));
    }

    @Override
    public List<ResourceClaim> allocated() {
        Map<String, ResourceClaim> all = new TreeMap<>(claims);
        all.putAll(assumed);
        return all.values().stream().filter(claim -> claim.status().hasAllocation()).toList();
    }

    @Override
    public List<ResourceSlice> slices() {
        return List.copyOf(slices.values());
    }

    @Override
    public @Nullable DeviceClass deviceClass(String name) {
        return classes.stream().filter(one -> one.metadata().name().equals(name)).findFirst().orElse(null);
    }

    @Override
    public @Nullable DeviceClass classFor(String resource) {
        return classes.stream().filter(one -> one.spec().extendedResourceName().equals(resource)).findFirst().orElse(null);
    }

    @Override
    public @Nullable ResourceClaim extendedClaim(Pod pod) {
        return claims.values().stream().filter(one -> one.metadata().ownerReferences().stream().anyMatch(owner -> owner.uid().equals(pod.metadata().uid()))).findFirst().orElse(null);
    }

    @Override
    public ResourceClaim create(ResourceClaim claim) {
        return writeStatus(claim.withMetadata(meta -> meta.withName(meta.generateName() + claims.size())));
    }

    @Override
    public void delete(ResourceClaim claim) {
        claims.remove(key(claim));
    }

    @Override
    public void tell(Pod pod, PodExtendedResourceClaimStatus status) {
        told.put(pod.metadata().uid(), status);
    }

    @Override
    public boolean sees(ResourceClaim claim) {
        return claims.containsKey(key(claim));
    }

    @Override
    public void assume(ResourceClaim claim) {
        assumed.put(key(claim), claim);
    }

    @Override
    public void forget(ResourceClaim claim) {
        assumed.remove(key(claim));
    }

    @Override
    public @Nullable ResourceClaim newest(String namespace, String name) {
        return claims.get(namespace + "/" + name);
    }

    @Override
    public ResourceClaim write(ResourceClaim claim) {
        return writeStatus(claim);
    }

    @Override
    public ResourceClaim writeStatus(ResourceClaim claim) {
        claims.put(key(claim), claim);
        assumed.remove(key(claim));
        return claim;
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration atMost) {
        return condition.getAsBoolean();
    }
}
