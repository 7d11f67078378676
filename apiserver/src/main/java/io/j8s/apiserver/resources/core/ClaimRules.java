package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.PersistentVolumeClaimSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The rules for claims of volumes.
public final class ClaimRules {

    static final FieldPath SPEC = FieldPath.of("spec");
    private static final List<String> MODES = List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
    private static final List<String> RESIZE_STATES =
            List.of("ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizePending", "NodeResizeInProgress", "NodeResizeInfeasible");

    private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

    private ClaimRules() {}

    public static void spec(PersistentVolumeClaimSpec claim, FieldPath path, FieldErrors errors) {
        if (claim.accessModes().isEmpty()) {
            errors.required(path.child("accessModes"), "at least 1 access mode is required");
        }
        if (claim.hasSelector()) {
            SelectorRules.selector(claim.selector(), path.child("selector"), errors);
        }
        modes(claim.accessModes(), path.child("accessModes"), errors);
        FieldPath storage = path.child("resources").key("storage");
        Quantity size = claim.resources().requests().get("storage");
        if (size == null) {
            errors.required(storage);
        } else {
            ResourceNameRules.positive(size, storage, errors);
        }
        className(claim.storageClassName(), path.child("storageClassName"), errors);
        if (claim.hasVolumeMode() && !List.of("Block", "Filesystem").contains(claim.volumeMode())) {
            errors.notSupported(path.child("volumeMode"), claim.volumeMode(), List.of("Block", "Filesystem"));
        }
        sources(claim, path, errors);
        className(claim.volumeAttributesClassName(), path.child("volumeAttributesClassName"), errors);
    }

    static void className(String name, FieldPath path, FieldErrors errors) {
        if (!name.isEmpty()) {
            Names.dnsSubdomain(name).forEach(problem -> errors.invalid(path, name, problem));
        }
    }

    static void modes(List<String> modes, FieldPath path, FieldErrors errors) {
        for (String mode : modes) {
            if (!MODES.contains(mode)) {
                errors.notSupported(path, mode, MODES);
            }
        }
        boolean others = modes.stream().anyMatch(mode -> MODES.contains(mode) && !mode.equals("ReadWriteOncePod"));
        if (others && modes.contains("ReadWriteOncePod")) {
            errors.forbidden(path, "may not use ReadWriteOncePod with other access modes");
        }
    }

    private static void sources(PersistentVolumeClaimSpec claim, FieldPath path, FieldErrors errors) {
        if (claim.hasDataSource()) {
            source(claim.dataSource().apiGroup(), claim.dataSource().kind(), claim.dataSource().name(), path.child("dataSource"), errors);
        }
        if (!claim.hasDataSourceRef()) {
            return;
        }
        var reference = claim.dataSourceRef();
        source(reference.apiGroup(), reference.kind(), reference.name(), path.child("dataSourceRef"), errors);
        if (!reference.namespace().isEmpty()) {
            FieldPath namespace = path.child("dataSourceRef").child("namespace");
            Names.dnsLabel(reference.namespace()).forEach(problem -> errors.invalid(namespace, reference.namespace(), problem));
            if (claim.hasDataSource()) {
                errors.invalid(path, "dataSource", "may not be specified when dataSourceRef.namespace is specified");
            }
        } else if (claim.hasDataSource()) {
            var source = claim.dataSource();
            if (!source.kind().equals(reference.kind()) || !source.name().equals(reference.name()) || !source.apiGroup().equals(reference.apiGroup())) {
                errors.invalid(path, "dataSource", "must match dataSourceRef");
            }
        }
    }

    private static void source(String group, String kind, String name, FieldPath path, FieldErrors errors) {
        if (name.isEmpty()) {
            errors.required(path.child("name"));
        }
        if (kind.isEmpty()) {
            errors.required(path.child("kind"));
        }
        if (group.isEmpty() && !kind.equals("PersistentVolumeClaim")) {
            errors.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
        }
        if (!group.isEmpty()) {
            Names.dnsSubdomain(group).forEach(problem -> errors.invalid(path.child("apiGroup"), group, problem));
        }
    }

    static List<String> warnings(PersistentVolumeClaim claim) {
        List<String> warnings = new ArrayList<>(0);
        if (claim.metadata().annotations().containsKey(CLASS_ANNOTATION)) {
            warnings.add(FieldPath.of("metadata").child("annotations").key(CLASS_ANNOTATION) + ": deprecated since v1.8; use \"storageClassName\" attribute instead");
        }
        warnings.addAll(warnings(claim.spec(), SPEC));
        return warnings;
    }

    /// What is said of a claim's specification, also of that in a template.
    public static List<String> warnings(PersistentVolumeClaimSpec spec, FieldPath path) {
        List<String> warnings = new ArrayList<>(0);
        fractional(spec.resources().requests(), path.child("resources").child("requests"), warnings);
        fractional(spec.resources().limits(), path.child("resources").child("limits"), warnings);
        return warnings;
    }

    private static void fractional(Map<String, Quantity> amounts, FieldPath path, List<String> warnings) {
        Quantity size = amounts.get("storage");
        if (size != null && size.milliValue() % 1000 != 0) {
            warnings.add(path.key("storage") + ": fractional byte value \"" + size + "\" is invalid, must be an integer");
        }
    }

    static void update(PersistentVolumeClaim claim, PersistentVolumeClaim old, FieldErrors errors) {
        PersistentVolumeClaimSpec now = claim.spec();
        PersistentVolumeClaimSpec before = old.spec();
        if (before.volumeName().isEmpty() && !now.volumeName().isEmpty()) {
            before = before.withVolumeName(now.volumeName());
        }
        if (!before.hasStorageClassName() && now.hasStorageClassName() && !now.storageClassName().isEmpty()) {
            now = now.withoutStorageClassName();
        }
        Quantity size = claim.spec().resources().requests().get("storage");
        Quantity oldSize = old.spec().resources().requests().get("storage");
        if (claim.status().phase().equals("Bound")) {
            if (oldSize != null && size != null) {
                Map<String, Quantity> requests = new LinkedHashMap<>(now.resources().requests());
                requests.put("storage", oldSize);
                now = now.withResources(resources -> resources.withRequests(requests));
            }
            now = before.hasVolumeAttributesClassName() ? now.withVolumeAttributesClassName(before.volumeAttributesClassName()) : now.withoutVolumeAttributesClassName();
        }
        if (!now.equals(before)) {
            errors.forbidden(SPEC, "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims");
        }
        Quantity capacity = old.status().capacity().getOrDefault("storage", Quantity.ZERO);
        Quantity asked = size == null ? Quantity.ZERO : size;
        if (oldSize != null && asked.compareTo(oldSize) < 0 && asked.compareTo(capacity) <= 0) {
            errors.forbidden(SPEC.child("resources").child("requests").child("storage"), "field can not be less than status.capacity");
        }
        errors.immutable(FieldPath.of("volumeMode"), claim.spec().volumeMode(), old.spec().volumeMode());
        attributesClass(claim, old, errors);
    }

    private static void attributesClass(PersistentVolumeClaim claim, PersistentVolumeClaim old, FieldErrors errors) {
        boolean changed = claim.spec().hasVolumeAttributesClassName() != old.spec().hasVolumeAttributesClassName()
                || !claim.spec().volumeAttributesClassName().equals(old.spec().volumeAttributesClassName());
        if (changed && old.status().hasCurrentVolumeAttributesClassName() && claim.spec().volumeAttributesClassName().isEmpty()) {
            errors.forbidden(SPEC.child("volumeAttributesClassName"), "it cannot be taken away when status.currentVolumeAttributesClassName is set");
        }
    }

    static void status(PersistentVolumeClaim claim, PersistentVolumeClaim old, FieldErrors errors) {
        FieldPath status = FieldPath.of("status");
        claim.status().capacity().forEach((name, amount) -> ResourceNameRules.notNegative(amount, status.child("capacity").key(name), errors));
        FieldPath states = status.child("allocatedResourceStatuses");
        claim.status().allocatedResourceStatuses().forEach((name, state) -> {
            resourceKey(name, states, errors);
            if (!RESIZE_STATES.contains(state)) {
                errors.notSupported(states, name, RESIZE_STATES);
            }
        });
        FieldPath allocated = status.child("allocatedResources");
        claim.status().allocatedResources().forEach((name, amount) -> {
            int before = errors.size();
            resourceKey(name, allocated, errors);
            if (errors.size() == before) {
                ResourceNameRules.notNegative(amount, allocated.key(name), errors);
            }
        });
    }

    private static void resourceKey(String name, FieldPath path, FieldErrors errors) {
        int before = errors.size();
        Names.qualifiedName(name).forEach(problem -> errors.invalid(path, name, problem));
        if (errors.size() > before) {
            return;
        }
        if (!name.contains("/") && !name.equals("storage")) {
            errors.notSupported(path, name, List.of("storage"));
        } else if (name.contains("kubernetes.io/")) {
            errors.notSupported(path, name, List.of("storage"));
        }
    }
}
