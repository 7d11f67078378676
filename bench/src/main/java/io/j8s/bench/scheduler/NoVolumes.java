package io.j8s.bench.scheduler;

import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.storage.v1.CSIDriver;
import io.j8s.model.storage.v1.CSINode;
import io.j8s.model.storage.v1.CSIStorageCapacity;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.model.storage.v1.VolumeAttachment;
import io.j8s.scheduler.plugins.Volumes;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A cluster without storage: nothing is there, and nothing is to be written.
final class NoVolumes implements Volumes {

    private static IllegalStateException noStorage(String what) {
        return new IllegalStateException("no pod of the benchmark has a claim, but one was to be " + what);
    }

    @Override
    public @Nullable PersistentVolumeClaim claim(String namespace, String name) {
        return null;
    }

    @Override
    public @Nullable PersistentVolume volume(String name) {
        return null;
    }

    @Override
    public List<PersistentVolume> volumes(String storageClass) {
        return List.of();
    }

    @Override
    public @Nullable StorageClass storageClass(String name) {
        return null;
    }

    @Override
    public @Nullable CSINode csiNode(String node) {
        return null;
    }

    @Override
    public @Nullable CSIDriver csiDriver(String name) {
        return null;
    }

    @Override
    public List<CSIStorageCapacity> capacities() {
        return List.of();
    }

    @Override
    public List<VolumeAttachment> attachments(String node) {
        return List.of();
    }

    @Override
    public void assume(PersistentVolume volume) {
        throw noStorage("bound");
    }

    @Override
    public void assume(PersistentVolumeClaim claim) {
        throw noStorage("provisioned");
    }

    @Override
    public void forgetVolume(String name) {
        throw noStorage("freed");
    }

    @Override
    public void forgetClaim(String namespace, String name) {
        throw noStorage("freed");
    }

    @Override
    public PersistentVolume write(PersistentVolume volume) {
        throw noStorage("written");
    }

    @Override
    public PersistentVolumeClaim write(PersistentVolumeClaim claim) {
        throw noStorage("written");
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration atMost) {
        throw noStorage("awaited");
    }
}
