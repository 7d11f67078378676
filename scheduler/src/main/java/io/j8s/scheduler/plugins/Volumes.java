package io.j8s.scheduler.plugins;

import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.storage.v1.CSIDriver;
import io.j8s.model.storage.v1.CSINode;
import io.j8s.model.storage.v1.CSIStorageCapacity;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.model.storage.v1.VolumeAttachment;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The cluster's storage as the scheduler sees it, and what it may write there. Reads answer from caches and never block; what was assumed ([#assume]) is read as if it were
/// written already, until something newer comes.
public interface Volumes {

    @Nullable PersistentVolumeClaim claim(String namespace, String name);

    @Nullable PersistentVolume volume(String name);

    /// The volumes of a class.
    List<PersistentVolume> volumes(String storageClass);

    @Nullable StorageClass storageClass(String name);

    /// What of CSI there is on a node.
    @Nullable CSINode csiNode(String node);

    @Nullable CSIDriver csiDriver(String name);

    /// What provisioners say of the room that they have.
    List<CSIStorageCapacity> capacities();

    /// What is attached to a node.
    List<VolumeAttachment> attachments(String node);

    /// Reads a volume from now on as this.
    void assume(PersistentVolume volume);

    /// Reads a claim from now on as this.
    void assume(PersistentVolumeClaim claim);

    /// Reads a volume as it is written again.
    void forgetVolume(String name);

    /// Reads a claim as it is written again.
    void forgetClaim(String namespace, String name);

    /// Writes a volume; answers it as it is now. Fails when it has changed meanwhile.
    PersistentVolume write(PersistentVolume volume);

    /// Writes a claim; answers it as it is now. Fails when it has changed meanwhile.
    PersistentVolumeClaim write(PersistentVolumeClaim claim);

    /// Waits until this is so, looking again after each change of storage; answers whether it came to be in time. What it throws is thrown.
    boolean await(BooleanSupplier condition, Duration atMost) throws InterruptedException;
}
