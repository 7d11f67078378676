package io.j8s.scheduler.devices;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodExtendedResourceClaimStatus;
import io.j8s.model.resource.v1.DeviceClass;
import io.j8s.model.resource.v1.ResourceClaim;
import io.j8s.model.resource.v1.ResourceSlice;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Claims and devices as the scheduler sees them, and what it may write there. Reads answer from caches and never block; what was assumed is read as if it were written already.
public interface Devices {

    @Nullable ResourceClaim claim(String namespace, String name);

    /// All claims that devices are allocated for, the assumed ones included.
    List<ResourceClaim> allocated();

    List<ResourceSlice> slices();

    @Nullable DeviceClass deviceClass(String name);

    /// The class that stands for a resource which pods ask for as if nodes counted it: the newest of those that name it, or the one that the resource's name names; null for none.
    @Nullable DeviceClass classFor(String resource);

    /// The claim that was made for the extended resources of a pod; null for none.
    @Nullable ResourceClaim extendedClaim(Pod pod);

    ResourceClaim create(ResourceClaim claim);

    /// Deletes a claim that was made for a pod; it may be gone already.
    void delete(ResourceClaim claim);

    /// Tells the pod which of its resources are which requests of a claim.
    void tell(Pod pod, PodExtendedResourceClaimStatus status);

    /// Whether this claim is known, as it is or newer.
    boolean sees(ResourceClaim claim);

    /// Reads a claim from now on as this, until something newer comes.
    void assume(ResourceClaim claim);

    /// Reads a claim as it is written again.
    void forget(ResourceClaim claim);

    /// Asks the API itself.
    @Nullable ResourceClaim newest(String namespace, String name);

    /// Writes a claim's metadata and specification; answers it as it is now. Fails when it has changed meanwhile.
    ResourceClaim write(ResourceClaim claim);

    /// Writes a claim's status; answers it as it is now. Fails when it has changed meanwhile.
    ResourceClaim writeStatus(ResourceClaim claim);

    /// Waits until this is so, looking again after each change; answers whether it came to be in time. What it throws is thrown.
    boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException;
}
