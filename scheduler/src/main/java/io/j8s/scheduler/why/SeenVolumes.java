package io.j8s.scheduler.why;

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

/// Storage as it is read once. Nothing is ever reserved or bound here.
final class SeenVolumes implements Volumes {

    private final Reading reading;

    SeenVolumes(Reading reading) {
        this.reading = reading;
    }

    @Override
    public @Nullable PersistentVolumeClaim claim(String namespace, String name) {
        return reading.all(PersistentVolumeClaim.RESOURCE, namespace).stream().filter(one -> one.metadata().name().equals(name)).findFirst().orElse(null);
    }

    @Override
    public @Nullable PersistentVolume volume(String name) {
        return reading.all(PersistentVolume.RESOURCE, "").stream().filter(one -> one.metadata().name().equals(name)).findFirst().orElse(null);
    }

    @Override
    public List<PersistentVolume> volumes(String storageClass) {
        return reading.all(PersistentVolume.RESOURCE, "").stream().filter(one -> one.spec().storageClassName().equals(storageClass)).toList();
    }

    @Override
    public @Nullable StorageClass storageClass(String name) {
        return reading.all(StorageClass.RESOURCE, "").stream().filter(one -> one.metadata().name().equals(name)).findFirst().orElse(null);
    }

    @Override
    public @Nullable CSINode csiNode(String node) {
        return reading.all(CSINode.RESOURCE, "").stream().filter(one -> one.metadata().name().equals(node)).findFirst().orElse(null);
    }

    @Override
    public @Nullable CSIDriver csiDriver(String name) {
        return reading.all(CSIDriver.RESOURCE, "").stream().filter(one -> one.metadata().name().equals(name)).findFirst().orElse(null);
    }

    @Override
    public List<CSIStorageCapacity> capacities() {
        return reading.all(CSIStorageCapacity.RESOURCE, "");
    }

    @Override
    public List<VolumeAttachment> attachments(String node) {
        return reading.all(VolumeAttachment.RESOURCE, "").stream().filter(one -> one.spec().nodeName().equals(node)).toList();
    }

    private static IllegalStateException readsOnly() {
        return new IllegalStateException("an explanation only reads");
    }

    @Override
    public void assume(PersistentVolume volume) {
        throw readsOnly();
    }

    @Override
    public void assume(PersistentVolumeClaim claim) {
        throw readsOnly();
    }

    @Override
    public void forgetVolume(String name) {
        throw readsOnly();
    }

    @Override
    public void forgetClaim(String namespace, String name) {
        throw readsOnly();
    }

    @Override
    public PersistentVolume write(PersistentVolume volume) {
        throw readsOnly();
    }

    @Override
    public PersistentVolumeClaim write(PersistentVolumeClaim claim) {
        throw readsOnly();
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration atMost) {
        throw readsOnly();
    }
}
