package io.j8s.bench.scheduler;

import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.scheduler.plugins.Volumes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A cluster without storage: nothing is there, and nothing is to be written.
final class NoVolumes implements Volumes {

    @Override
    public @Nullable PersistentVolumeClaim claim(String namespace, String name) {
        return null;
    }

    @Override
    public @Nullable PersistentVolume volume(String name) {
        return null;
    }

    @Override
    public List<PersistentVolume> volumes() {
        return List.of();
    }

    @Override
    public @Nullable StorageClass storageClass(String name) {
        return null;
    }

    @Override
    public void give(PersistentVolume volume, PersistentVolumeClaim claim) {
        throw new IllegalStateException("no pod of the benchmark has a claim, but one was given the volume " + volume.metadata().name());
    }

    @Override
    public void provision(PersistentVolumeClaim claim, String node) {
        throw new IllegalStateException("no pod of the benchmark has a claim, but " + claim.metadata().name() + " was to be provisioned");
    }

    @Override
    public void awaitBound(List<PersistentVolumeClaim> before, String node) {}
}
