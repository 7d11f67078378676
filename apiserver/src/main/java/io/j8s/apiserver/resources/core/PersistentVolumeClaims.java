package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.PersistentVolumeClaimSpec;
import io.j8s.model.core.v1.PersistentVolumeClaimStatus;
import io.j8s.model.core.v1.TypedLocalObjectReference;
import io.j8s.model.core.v1.TypedObjectReference;
import org.jspecify.annotations.Nullable;

/// `persistentvolumeclaims`
final class PersistentVolumeClaims {

    private PersistentVolumeClaims() {}

    static Resource<PersistentVolumeClaim> resource() {
        return Resource.of(PersistentVolumeClaim.RESOURCE)
                .answersDeletionWithObject()
                .shortNames("pvc")
                .defaults(ClaimDefaults::stored)
                .prepareCreate((sent, context) -> withSources(sent.withStatus(PersistentVolumeClaimStatus.EMPTY.withPhase("Pending")), null))
                .prepareUpdate(PersistentVolumeClaims::prepareUpdate)
                .rules((claim, errors) -> ClaimRules.spec(claim.spec(), ClaimRules.SPEC, errors))
                .updateRules(ClaimRules::update)
                .warnings((claim, old) -> ClaimRules.warnings(claim))
                .status(ClaimRules::status)
                .table(table -> table
                        .nameColumn()
                        .column("Status", "string", "Whether the claim has a volume.", (claim, now) -> claim.metadata().hasDeletionTimestamp() ? "Terminating" : claim.status().phase())
                        .column("Volume", "string", "The volume.", (claim, now) -> claim.spec().volumeName())
                        .column("Capacity", "string", "How much the volume holds.", (claim, now) -> capacity(claim))
                        .column("Access Modes", "string", "How the volume may be mounted.", (claim, now) -> claim.spec().volumeName().isEmpty() ? "" : VolumeCells.modes(claim.status().accessModes()))
                        .column("StorageClass", "string", "The class that the volume is of.", (claim, now) -> VolumeCells.storageClass(claim.metadata(), claim.spec().storageClassName()))
                        .column("VolumeAttributesClass", "string", "The class of attributes that the volume is to have.", (claim, now) -> claim.spec().hasVolumeAttributesClassName() ? claim.spec().volumeAttributesClassName() : "<unset>")
                        .ageColumn()
                        .wideColumn("VolumeMode", "string", "Whether it is a file system or a device.", (claim, now) -> claim.spec().hasVolumeMode() ? claim.spec().volumeMode() : "<unset>"))
                .build();
    }

    private static String capacity(PersistentVolumeClaim claim) {
        return claim.spec().volumeName().isEmpty() ? "" : claim.status().capacity().getOrDefault("storage", Quantity.ZERO).toString();
    }

    private static PersistentVolumeClaim prepareUpdate(PersistentVolumeClaim sent, PersistentVolumeClaim stored, WriteContext context) {
        return withSources(sent, stored);
    }

    /// `dataSource` and `dataSourceRef` say the same; what only the older of them says and volumes cannot be made from is dropped.
    private static PersistentVolumeClaim withSources(PersistentVolumeClaim claim, @Nullable PersistentVolumeClaim old) {
        PersistentVolumeClaimSpec spec = claim.spec();
        if (spec.hasDataSourceRef() && !spec.dataSourceRef().namespace().isEmpty() && (old == null || !old.spec().hasDataSourceRef())) {
            spec = spec.withoutDataSourceRef(); // CrossNamespaceVolumeDataSource is off in v1.36
        }
        boolean inUse = old != null && (old.spec().hasDataSource() || old.spec().hasDataSourceRef());
        if (!inUse && !spec.hasDataSourceRef() && spec.hasDataSource() && !isSource(spec.dataSource())) {
            spec = spec.withoutDataSource();
        }
        if (spec.hasDataSource() && !spec.hasDataSourceRef()) {
            TypedLocalObjectReference source = spec.dataSource();
            TypedObjectReference reference = TypedObjectReference.EMPTY.withKind(source.kind()).withName(source.name());
            spec = spec.withDataSourceRef(source.hasApiGroup() ? reference.withApiGroup(source.apiGroup()) : reference);
        } else if (spec.hasDataSourceRef() && !spec.hasDataSource() && spec.dataSourceRef().namespace().isEmpty()) {
            TypedObjectReference source = spec.dataSourceRef();
            TypedLocalObjectReference reference = TypedLocalObjectReference.EMPTY.withKind(source.kind()).withName(source.name());
            spec = spec.withDataSource(source.hasApiGroup() ? reference.withApiGroup(source.apiGroup()) : reference);
        }
        return claim.withSpec(spec);
    }

    private static boolean isSource(TypedLocalObjectReference source) {
        return (source.kind().equals("PersistentVolumeClaim") && source.apiGroup().isEmpty())
                || (source.kind().equals("VolumeSnapshot") && source.apiGroup().equals("snapshot.storage.k8s.io"));
    }
}
