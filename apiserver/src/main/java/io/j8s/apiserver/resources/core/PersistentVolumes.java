package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeSpec;
import io.j8s.model.core.v1.PersistentVolumeStatus;
import java.time.Instant;
import java.util.Objects;

/// `persistentvolumes`
final class PersistentVolumes {

    private PersistentVolumes() {}

    static Resource<PersistentVolume> resource() {
        return Resource.of(PersistentVolume.RESOURCE)
                .answersDeletionWithObject()
                .shortNames("pv")
                .defaults(PersistentVolumes::defaults)
                .prepareCreate((sent, context) -> sent.withStatus(PersistentVolumeStatus.EMPTY.withPhase("Pending").withLastPhaseTransitionTime(context.now())))
                .metadataUpdateNotRevalidated()
                .metadataRevalidatedTwice()
                .rules(PersistentVolumeRules::rules)
                .updateRules((volume, old, errors) -> PersistentVolumeRules.rules(volume, errors))
                .updateRules(PersistentVolumeRules::update)
                .warnings((volume, old) -> PersistentVolumeRules.warnings(volume))
                .status(PersistentVolumes::status, (volume, old, errors) -> {})
                .table(table -> table
                        .nameColumn()
                        .column("Capacity", "string", "How much it holds.", (volume, now) -> volume.spec().capacity().getOrDefault("storage", Quantity.ZERO).toString())
                        .column("Access Modes", "string", "How it may be mounted.", (volume, now) -> VolumeCells.modes(volume.spec().accessModes()))
                        .column("Reclaim Policy", "string", "What becomes of it without its claim.", (volume, now) -> volume.spec().persistentVolumeReclaimPolicy())
                        .column("Status", "string", "Whether it is claimed.", (volume, now) -> volume.metadata().hasDeletionTimestamp() ? "Terminating" : volume.status().phase())
                        .column("Claim", "string", "The claim that it is bound to.", (volume, now) -> volume.spec().hasClaimRef() ? volume.spec().claimRef().namespace() + "/" + volume.spec().claimRef().name() : "")
                        .column("StorageClass", "string", "The class that it is of.", (volume, now) -> VolumeCells.storageClass(volume.metadata(), volume.spec().storageClassName()))
                        .column("VolumeAttributesClass", "string", "The class of its attributes.", (volume, now) -> volume.spec().hasVolumeAttributesClassName() ? volume.spec().volumeAttributesClassName() : "<unset>")
                        .column("Reason", "string", "Why it is in its state.", (volume, now) -> volume.status().reason())
                        .ageColumn()
                        .wideColumn("VolumeMode", "string", "Whether it is a file system or a device.", (volume, now) -> volume.spec().hasVolumeMode() ? volume.spec().volumeMode() : "<unset>"))
                .build();
    }

    private static PersistentVolume defaults(PersistentVolume sent) {
        PersistentVolume volume = sent.status().phase().isEmpty() ? sent.withStatus(status -> status.withPhase("Pending")) : sent;
        PersistentVolumeSpec spec = volume.spec();
        spec = spec.persistentVolumeReclaimPolicy().isEmpty() ? spec.withPersistentVolumeReclaimPolicy("Retain") : spec;
        spec = spec.hasVolumeMode() ? spec : spec.withVolumeMode("Filesystem");
        spec = spec.hasCapacity() ? spec.withCapacity(ResourceAmounts.rounded(spec.capacity())) : spec;
        spec = spec.hasHostPath() && !spec.hostPath().hasType() ? spec.withHostPath(source -> source.withType("")) : spec;
        spec = spec.hasAzureDisk() ? spec.withAzureDisk(VolumeDefaults::azureDisk) : spec;
        spec = spec.hasIscsi() && spec.iscsi().iscsiInterface().isEmpty() ? spec.withIscsi(source -> source.withIscsiInterface("default")) : spec;
        if (spec.hasRbd()) {
            spec = spec.withRbd(rbd -> rbd.withPool(VolumeDefaults.or(rbd.pool(), "rbd"))
                    .withUser(VolumeDefaults.or(rbd.user(), "admin"))
                    .withKeyring(VolumeDefaults.or(rbd.keyring(), "/etc/ceph/keyring")));
        }
        if (spec.hasScaleIO()) {
            spec = spec.withScaleIO(source -> source.withStorageMode(VolumeDefaults.or(source.storageMode(), "ThinProvisioned"))
                    .withFsType(VolumeDefaults.or(source.fsType(), "xfs")));
        }
        return volume.withSpec(spec);
    }

    /// Keeps the time of the last change of phase, or sets it.
    private static PersistentVolume status(PersistentVolume sent, PersistentVolume stored, WriteContext context) {
        PersistentVolume volume = sent.withSpec(stored.spec());
        Instant time = sent.status().lastPhaseTransitionTime();
        Instant before = stored.status().lastPhaseTransitionTime();
        boolean same = stored.status().phase().equals(sent.status().phase());
        if (same && time == null && before != null) {
            return volume.withStatus(status -> status.withLastPhaseTransitionTime(before));
        }
        if (!same && (time == null || Objects.equals(time, before))) {
            return volume.withStatus(status -> status.withLastPhaseTransitionTime(context.now()));
        }
        return volume;
    }
}
