package io.j8s.scheduler;

import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.storage.v1.CSIDriver;
import io.j8s.model.storage.v1.CSINode;
import io.j8s.model.storage.v1.CSIStorageCapacity;
import io.j8s.model.storage.v1.StorageClass;
import io.j8s.model.storage.v1.VolumeAttachment;
import io.j8s.scheduler.plugins.Volumes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Storage in maps; what is written is kept as text. A volume controller of its own completes what is written at once: claims are bound, volumes are made.
final class StoredVolumes implements Volumes {

    final Map<String, PersistentVolumeClaim> claims = new HashMap<>();
    final Map<String, PersistentVolume> volumes = new HashMap<>();
    final Map<String, StorageClass> classes = new HashMap<>();
    final Map<String, CSINode> csiNodes = new HashMap<>();
    final Map<String, CSIDriver> csiDrivers = new HashMap<>();
    final List<CSIStorageCapacity> capacities = new ArrayList<>();
    final List<VolumeAttachment> attachments = new ArrayList<>();
    final List<String> written = new ArrayList<>();
    private final Map<String, PersistentVolume> assumedVolumes = new HashMap<>();
    private final Map<String, PersistentVolumeClaim> assumedClaims = new HashMap<>();
    /// What a provisioner makes of a claim.
    UnaryOperator<PersistentVolume> made = volume -> volume;

    @Override
    public @Nullable PersistentVolumeClaim claim(String namespace, String name) {
        return assumedClaims.getOrDefault(name, claims.get(name));
    }

    @Override
    public @Nullable PersistentVolume volume(String name) {
        return assumedVolumes.getOrDefault(name, volumes.get(name));
    }

    @Override
    public List<PersistentVolume> volumes(String storageClass) {
        return volumes.keySet().stream().map(this::volume).filter(volume -> volume != null && volume.spec().storageClassName().equals(storageClass)).toList();
    }

    @Override
    public @Nullable StorageClass storageClass(String name) {
        return classes.get(name);
    }

    @Override
    public @Nullable CSINode csiNode(String node) {
        return csiNodes.get(node);
    }

    @Override
    public @Nullable CSIDriver csiDriver(String name) {
        return csiDrivers.get(name);
    }

    @Override
    public List<CSIStorageCapacity> capacities() {
        return List.copyOf(capacities);
    }

    @Override
    public List<VolumeAttachment> attachments(String node) {
        return attachments.stream().filter(one -> one.spec().nodeName().equals(node)).toList();
    }

    @Override
    public void assume(PersistentVolume volume) {
        assumedVolumes.put(volume.metadata().name(), volume);
    }

    @Override
    public void assume(PersistentVolumeClaim claim) {
        assumedClaims.put(claim.metadata().name(), claim);
    }

    @Override
    public void forgetVolume(String name) {
        assumedVolumes.remove(name);
    }

    @Override
    public void forgetClaim(String namespace, String name) {
        assumedClaims.remove(name);
    }

    @Override
    public PersistentVolume write(PersistentVolume volume) {
        written.add(volume.metadata().name() + " to " + volume.spec().claimRef().name());
        volumes.put(volume.metadata().name(), volume);
        return volume;
    }

    @Override
    public PersistentVolumeClaim write(PersistentVolumeClaim claim) {
        written.add(claim.metadata().name() + " on " + claim.metadata().annotations().get("volume.kubernetes.io/selected-node"));
        claims.put(claim.metadata().name(), claim);
        return claim;
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration atMost) {
        assumedClaims.clear();
        assumedVolumes.clear();
        List.copyOf(claims.values()).forEach(this::complete);
        return condition.getAsBoolean();
    }

    private void complete(PersistentVolumeClaim claim) {
        String mine = "made-" + claim.metadata().name();
        String name = volumes.values().stream().filter(volume -> volume.spec().claimRef().name().equals(claim.metadata().name()))
                .map(volume -> volume.metadata().name()).findFirst().orElse(mine);
        boolean selected = claim.metadata().annotations().containsKey("volume.kubernetes.io/selected-node");
        if (name.equals(mine) && !selected) {
            return;
        }
        if (name.equals(mine)) {
            volumes.put(mine, made.apply(PersistentVolume.EMPTY.withMetadata(meta -> meta.withName(mine)).withSpec(spec -> spec.withClaimRef(ref -> ref.withName(claim.metadata().name()).withUid(claim.metadata().uid())))));
        }
        Map<String, String> annotations = new HashMap<>(claim.metadata().annotations());
        annotations.put("pv.kubernetes.io/bind-completed", "yes");
        claims.put(claim.metadata().name(), claim.withMetadata(meta -> meta.withAnnotations(annotations)).withSpec(spec -> spec.withVolumeName(name)));
    }
}
