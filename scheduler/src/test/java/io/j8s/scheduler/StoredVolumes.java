package io.j8s.scheduler;

import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.scheduler.plugins.Volumes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Storage in maps; what is written is kept as text.
final class StoredVolumes implements Volumes {

    final Map<String, PersistentVolumeClaim> claims = new HashMap<>();
    final Map<String, PersistentVolume> volumes = new HashMap<>();
    final Map<String, StorageClass> classes = new HashMap<>();
    final List<String> written = new ArrayList<>();

    @Override
    public @Nullable PersistentVolumeClaim claim(String namespace, String name) {
        return claims.get(name);
    }

    @Override
    public @Nullable PersistentVolume volume(String name) {
        return volumes.get(name);
    }

    @Override
    public List<PersistentVolume> volumes() {
        return List.copyOf(volumes.values());
    }

    @Override
    public @Nullable StorageClass storageClass(String name) {
        return classes.get(name);
    }

    @Override
    public void give(PersistentVolume volume, PersistentVolumeClaim claim) {
        written.add(volume.metadata().name() + " to " + claim.metadata().name());
    }

    @Override
    public void provision(PersistentVolumeClaim claim, String node) {
        written.add(claim.metadata().name() + " on " + node);
    }

    @Override
    public void awaitBound(List<PersistentVolumeClaim> before, String node) {
        written.add("bound");
    }
}
