package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Field;
import io.j8s.model.core.v1.NodeSelectorTerm;
import io.j8s.model.core.v1.PersistentVolume;
import io.j8s.model.core.v1.PersistentVolumeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The rules for persistent volumes.
public final class PersistentVolumeRules {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final List<String> RECLAIM = List.of("Delete", "Recycle", "Retain");

    private static final Map<String, String> DEAD_ANNOTATIONS = Map.of(
            "volume.beta.kubernetes.io/storage-class", "deprecated since v1.8; use \"storageClassName\" attribute instead",
            "volume.beta.kubernetes.io/mount-options", "deprecated since v1.31; use \"mountOptions\" attribute instead");
    private static final Map<String, String> DEAD_SOURCES = Map.of(
            "cephfs", "deprecated in v1.28, non-functional in v1.31+",
            "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+",
            "scaleIO", "deprecated in v1.16, non-functional in v1.22+",
            "storageos", "deprecated in v1.22, non-functional in v1.25+",
            "glusterfs", "deprecated in v1.25, non-functional in v1.26+",
            "rbd", "deprecated in v1.28, non-functional in v1.31+");

    private PersistentVolumeRules() {}

    static void rules(PersistentVolume volume, FieldErrors errors) {
        spec(volume.spec(), volume.metadata().name(), false, SPEC, errors);
    }

    /// @param inline whether it is no volume's own, but stands where one is described (a VolumeAttachment)
    public static void spec(PersistentVolumeSpec spec, String volumeName, boolean inline, FieldPath path, FieldErrors errors) {
        if (inline) {
            if (spec.hasClaimRef()) {
                errors.forbidden(path.child("claimRef"), "may not be specified in the context of inline volumes");
            }
            if (!spec.capacity().isEmpty()) {
                errors.forbidden(path.child("capacity"), "may not be specified in the context of inline volumes");
            }
            if (!spec.hasCsi()) {
                errors.required(path.child("csi"), "has to be specified in the context of inline volumes");
            }
        }
        if (spec.accessModes().isEmpty()) {
            errors.required(path.child("accessModes"));
        }
        ClaimRules.modes(spec.accessModes(), path.child("accessModes"), errors);
        if (!inline) {
            capacity(spec, path, errors);
        }
        if (inline && spec.hasPersistentVolumeReclaimPolicy() && !spec.persistentVolumeReclaimPolicy().equals("Retain")) {
            errors.forbidden(path.child("persistentVolumeReclaimPolicy"), "may only be Retain in the context of inline volumes");
        }
        if (!inline && spec.hasPersistentVolumeReclaimPolicy() && !RECLAIM.contains(spec.persistentVolumeReclaimPolicy())) {
            errors.notSupported(path.child("persistentVolumeReclaimPolicy"), spec.persistentVolumeReclaimPolicy(), RECLAIM);
        }
        if (inline && spec.hasNodeAffinity()) {
            errors.forbidden(path.child("nodeAffinity"), "may not be specified in the context of inline volumes");
        } else if (spec.hasNodeAffinity()) {
            if (spec.nodeAffinity().hasRequired()) {
                AffinityRules.nodeSelector(spec.nodeAffinity().required(), path.child("nodeAffinity").child("required"), errors);
            } else {
                errors.required(path.child("nodeAffinity").child("required"), "must specify required node constraints");
            }
        }
        VolumeSourceRules.ofPersistentVolume(spec, volumeName, path, errors);
        if (spec.hasHostPath() && VolumeSourceRules.isRoot(spec.hostPath().path()) && spec.persistentVolumeReclaimPolicy().equals("Recycle")) {
            errors.forbidden(path.child("persistentVolumeReclaimPolicy"), "may not be 'recycle' for a hostPath mount of '/'");
        }
        if (inline) {
            notInline(spec, path, errors);
            return;
        }
        ClaimRules.className(spec.storageClassName(), path.child("storageClassName"), errors);
        if (spec.hasVolumeMode() && !List.of("Block", "Filesystem").contains(spec.volumeMode())) {
            errors.notSupported(path.child("volumeMode"), spec.volumeMode(), List.of("Block", "Filesystem"));
        }
        if (spec.hasVolumeAttributesClassName()) {
            if (spec.volumeAttributesClassName().isEmpty()) {
                errors.required(path.child("volumeAttributesClassName"), "an empty string is disallowed");
            }
            ClaimRules.className(spec.volumeAttributesClassName(), path.child("volumeAttributesClassName"), errors);
            if (!spec.hasCsi()) {
                errors.required(path.child("csi"), "has to be specified when using volumeAttributesClassName");
            }
        }
    }

    private static void notInline(PersistentVolumeSpec spec, FieldPath path, FieldErrors errors) {
        if (!spec.storageClassName().isEmpty()) {
            errors.forbidden(path.child("storageClassName"), "may not be specified in the context of inline volumes");
        }
        if (spec.hasVolumeMode() && !spec.volumeMode().equals("Filesystem")) {
            errors.forbidden(path.child("volumeMode"), "may not specify volumeMode other than Filesystem in the context of inline volumes");
        }
    }

    private static void capacity(PersistentVolumeSpec spec, FieldPath parent, FieldErrors errors) {
        FieldPath path = parent.child("capacity");
        if (spec.capacity().isEmpty()) {
            errors.required(path);
        }
        if (!spec.capacity().containsKey("storage") || spec.capacity().size() > 1) {
            errors.notSupported(path, spec.capacity(), List.of("storage"));
        }
        spec.capacity().forEach((name, amount) -> {
            ResourceNameRules.notNegative(amount, path.key(name), errors);
            ResourceNameRules.positive(amount, path.key(name), errors);
        });
    }

    static void update(PersistentVolume volume, PersistentVolume old, FieldErrors errors) {
        PersistentVolumeSpec now = volume.spec();
        PersistentVolumeSpec before = old.spec();
        if (before.hasCsi() && now.hasCsi() && !before.csi().hasControllerExpandSecretRef()) {
            now = now.withCsi(io.j8s.model.core.v1.CSIPersistentVolumeSource::withoutControllerExpandSecretRef);
        }
        if (!sameSource(now, before)) {
            errors.forbidden(SPEC.child("persistentvolumesource"), "spec.persistentvolumesource is immutable after creation");
        }
        errors.immutable(FieldPath.of("volumeMode"), now.volumeMode(), before.volumeMode());
        if (before.hasNodeAffinity() && !now.nodeAffinity().equals(before.nodeAffinity())) {
            errors.invalid(FieldPath.of("nodeAffinity"), now.nodeAffinity(), "field is immutable");
        }
        if (before.hasVolumeAttributesClassName() && !now.hasVolumeAttributesClassName()) {
            errors.forbidden(SPEC.child("volumeAttributesClassName"), "update from non-nil value to nil is forbidden");
        }
    }

    private static boolean sameSource(PersistentVolumeSpec now, PersistentVolumeSpec before) {
        Map<String, Field> sources = VolumeSourceRules.sources(PersistentVolumeSpec.TYPE);
        return sources.values().stream().allMatch(field -> Objects.equals(now.get(field), before.get(field)));
    }

    static List<String> warnings(PersistentVolume volume) {
        List<String> warnings = new ArrayList<>(0);
        DEAD_ANNOTATIONS.forEach((annotation, text) -> {
            if (volume.metadata().annotations().containsKey(annotation)) {
                warnings.add(FieldPath.of("metadata").child("annotations").key(annotation) + ": " + text);
            }
        });
        PersistentVolumeSpec spec = volume.spec();
        if (spec.persistentVolumeReclaimPolicy().equals("Recycle")) {
            warnings.add(SPEC.child("persistentVolumeReclaimPolicy") + ": The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.");
        }
        List<NodeSelectorTerm> terms = spec.nodeAffinity().required().nodeSelectorTerms();
        for (int i = 0; i < terms.size(); i++) {
            NodeLabelWarnings.term(terms.get(i), false, SPEC.child("nodeAffinity").child("required").child("nodeSelectorTerms").index(i), warnings);
        }
        DEAD_SOURCES.forEach((source, text) -> {
            Field field = VolumeSourceRules.sources(PersistentVolumeSpec.TYPE).get(source);
            if (field != null && spec.get(field) != null) {
                warnings.add(SPEC.child(source.equals("storageos") ? "storageOS" : source) + ": " + text);
            }
        });
        return warnings;
    }
}
