package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.storage.v1.StorageClass;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cluster's storage as the scheduler sees it, and what it may write there. Reads answer from caches and never block.
public interface Volumes {

    @Nullable PersistentVolumeClaim claim(String namespace, String name);

    @Nullable PersistentVolume volume(String name);

    List<PersistentVolume> volumes();

    @Nullable StorageClass storageClass(String name);

    /// Gives an available volume to a claim. Fails when the volume has changed meanwhile.
    void give(PersistentVolume volume, PersistentVolumeClaim claim);

    /// Tells the claim's provisioner for which node to make a volume. Fails when the claim has changed meanwhile.
    void provision(PersistentVolumeClaim claim, String node);

    /// Waits until the claims are bound; `before` are the claims as they were before anything was written.
    ///
    /// @throws IllegalStateException when they are gone, refused by their provisioner, or not bound in time
    void awaitBound(List<PersistentVolumeClaim> before, String node) throws InterruptedException;
}
