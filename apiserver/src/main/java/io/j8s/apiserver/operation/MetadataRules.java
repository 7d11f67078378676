package io.j8s.apiserver.operation;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.meta.v1.ManagedFieldsEntry;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The rules for `metadata` that hold for objects of all kinds.
final class MetadataRules {

    private static final FieldPath METADATA = FieldPath.of("metadata");
    private static final int ANNOTATIONS_BYTES_LIMIT = 256 * 1024;
    private static final int MANAGER_LENGTH_LIMIT = 128;
    private static final int SUBRESOURCE_LENGTH_LIMIT = 256;

    private static final Set<String> STANDARD_FINALIZERS = Set.of("kubernetes", Deletions.ORPHAN, Deletions.FOREGROUND);

    private MetadataRules() {}

    /// The rules of the kind: those for all, its own for names, and for finalizers that they are qualified.
    static void check(Resource<?> resource, ObjectMeta meta, FieldErrors errors) {
        check(resource, resource.nameRule(), resource.anyGenerateName(), meta, errors);
        checkStandardFinalizers(resource, meta, errors);
    }

    /// The rules of most kinds, in a version that asks them of objects whose kind does not.
    static void checkOfVersion(Resource<?> resource, ObjectMeta meta, FieldErrors errors) {
        check(resource, NameRule.DNS_SUBDOMAIN, false, meta, errors);
        checkStandardFinalizers(meta, errors);
    }

    private static void check(Resource<?> resource, NameRule names, boolean anyGenerateName, ObjectMeta meta, FieldErrors errors) {
        checkNames(resource, names, anyGenerateName, meta, errors);
        if (meta.generation() < 0) {
            errors.invalid(METADATA.child("generation"), meta.generation(), "must be greater than or equal to 0");
        }
        checkLabelsAndOwners(meta, errors);
        checkFinalizers(meta.finalizers(), errors);
    }

    /// The rules for an update. Upstream asks them in the registry, and then again, all or some, in the rules of the kind: a client sees a cause as often. What can be
    /// found the second time only is always looked for; the rest is repeated for those who are refused anyway.
    ///
    /// @param whole whether the object itself is updated, and not a part of it
    /// @param again whether the kind's rules look once more at what may not change
    static void checkUpdate(Resource<?> resource, boolean whole, boolean again, ObjectMeta meta, ObjectMeta old, FieldErrors errors) {
        check(resource, NameRule.PATH_SEGMENT, false, meta, errors);
        checkUpdate(meta, old, errors);
        boolean wrong = !errors.isEmpty();
        if (again) {
            if (wrong) {
                checkUpdate(meta, old, errors);
            }
            checkStandardFinalizers(resource, meta, errors);
        }
        for (int i = 0; whole && i < resource.metadataRevalidations(); i++) {
            if (wrong || !meta.generateName().equals(old.generateName())) {
                check(resource, resource.nameRule(), resource.anyGenerateName(), meta, errors);
            }
            checkStandardFinalizers(resource, meta, errors);
        }
    }

    private static void checkLabelsAndOwners(ObjectMeta meta, FieldErrors errors) {
        meta.labels().forEach((key, value) -> checkLabel(key, value, errors));
        checkAnnotations(meta.annotations(), errors);
        checkOwners(meta.ownerReferences(), errors);
        checkManagers(meta.managedFields(), errors);
    }

    /// What may not change.
    private static void checkUpdate(ObjectMeta meta, ObjectMeta old, FieldErrors errors) {
        if (old.hasDeletionTimestamp()) {
            Set<String> added = new HashSet<>(meta.finalizers());
            old.finalizers().forEach(added::remove);
            if (!added.isEmpty()) {
                errors.forbidden(METADATA.child("finalizers"), "no new finalizers can be added if the object is being deleted, found new finalizers " + added);
            }
        }
        if (meta.generation() < old.generation()) {
            errors.invalid(METADATA.child("generation"), meta.generation(), "must not be decremented");
        }
        errors.immutable(METADATA.child("name"), meta.name(), old.name());
        errors.immutable(METADATA.child("namespace"), meta.namespace(), old.namespace());
        errors.immutable(METADATA.child("uid"), meta.uid(), old.uid());
        if (!Objects.equals(meta.creationTimestamp(), old.creationTimestamp())) {
            errors.invalid(METADATA.child("creationTimestamp"), meta.creationTimestamp(), "field is immutable");
        }
        if (!Objects.equals(meta.deletionTimestamp(), old.deletionTimestamp())) {
            errors.invalid(METADATA.child("deletionTimestamp"), meta.deletionTimestamp(), "field is immutable");
        }
        checkLabelsAndOwners(meta, errors);
        if (meta.hasDeletionGracePeriodSeconds() != old.hasDeletionGracePeriodSeconds() || meta.deletionGracePeriodSeconds() != old.deletionGracePeriodSeconds()) {
            errors.invalid(METADATA.child("deletionGracePeriodSeconds"), meta.deletionGracePeriodSeconds(), "field is immutable");
        }
    }

    private static void checkNames(Resource<?> resource, NameRule names, boolean anyGenerateName, ObjectMeta meta, FieldErrors errors) {
        if (!meta.generateName().isEmpty() && !anyGenerateName) {
            String prefix = meta.generateName();
            String bare = prefix.endsWith("-") && prefix.length() > 1 ? prefix.substring(0, prefix.length() - 2) + "a" : prefix;
            for (String problem : names.problems(bare)) {
                errors.invalid(METADATA.child("generateName"), prefix, problem);
            }
        }
        if (meta.name().isEmpty()) {
            errors.required(METADATA.child("name"), "name or generateName is required");
        } else {
            for (String problem : names.problems(meta.name())) {
                errors.invalid(METADATA.child("name"), meta.name(), problem);
            }
        }
        FieldPath namespace = METADATA.child("namespace");
        if (!resource.namespaced()) {
            if (!meta.namespace().isEmpty()) {
                errors.forbidden(namespace, "not allowed on this type");
            }
        } else if (meta.namespace().isEmpty()) {
            errors.required(namespace);
        } else {
            NameRule.DNS_LABEL.problems(meta.namespace()).forEach(problem -> errors.invalid(namespace, meta.namespace(), problem));
        }
    }

    private static void checkLabel(String key, String value, FieldErrors errors) {
        Names.qualifiedName(key).forEach(problem -> errors.invalid(METADATA.child("labels"), key, problem));
        Names.labelValue(value).forEach(problem -> errors.invalid(METADATA.child("labels"), value, problem));
    }

    private static void checkAnnotations(Map<String, String> annotations, FieldErrors errors) {
        long size = 0;
        for (Map.Entry<String, String> entry : annotations.entrySet()) {
            Names.qualifiedName(entry.getKey().toLowerCase(Locale.ROOT)).forEach(problem -> errors.invalid(METADATA.child("annotations"), entry.getKey(), problem));
            size += utf8Length(entry.getKey()) + utf8Length(entry.getValue());
        }
        if (size > ANNOTATIONS_BYTES_LIMIT) {
            errors.tooLong(METADATA.child("annotations"), ANNOTATIONS_BYTES_LIMIT);
        }
    }

    private static long utf8Length(String text) {
        return text.length() * 3L <= 1024 ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void checkOwners(List<OwnerReference> owners, FieldErrors errors) {
        FieldPath path = METADATA.child("ownerReferences");
        String controller = "";
        for (OwnerReference owner : owners) {
            checkOwner(owner, path, errors);
            if (owner.controller()) {
                String name = owner.kind() + "/" + owner.name();
                if (!controller.isEmpty()) {
                    errors.invalid(path, name, "only one reference can have controller set to true; " + controller + " has it too");
                } else {
                    controller = name;
                }
            }
        }
    }

    private static void checkOwner(OwnerReference owner, FieldPath path, FieldErrors errors) {
        String version = owner.apiVersion().substring(owner.apiVersion().indexOf('/') + 1);
        if (version.isEmpty() || version.contains("/")) {
            errors.invalid(path.child("apiVersion"), owner.apiVersion(), "version must not be empty");
        }
        if (owner.kind().isEmpty()) {
            errors.invalid(path.child("kind"), owner.kind(), "must not be empty");
        }
        if (owner.name().isEmpty()) {
            errors.invalid(path.child("name"), owner.name(), "must not be empty");
        }
        if (owner.uid().isEmpty()) {
            errors.invalid(path.child("uid"), owner.uid(), "must not be empty");
        }
        if (owner.apiVersion().equals("v1") && owner.kind().equals("Event")) {
            errors.invalid(path, owner.name(), "an Event is disallowed from being an owner");
        }
    }

    private static void checkFinalizers(List<String> finalizers, FieldErrors errors) {
        FieldPath path = METADATA.child("finalizers");
        for (String finalizer : finalizers) {
            Names.qualifiedName(finalizer).forEach(problem -> errors.invalid(path, finalizer, problem));
        }
        if (finalizers.contains(Deletions.ORPHAN) && finalizers.contains(Deletions.FOREGROUND)) {
            errors.invalid(path, finalizers, "finalizers " + Deletions.ORPHAN + " and " + Deletions.FOREGROUND + " cannot be both set");
        }
    }

    /// Of built-in kinds, a finalizer without a domain must be one that Kubernetes itself uses.
    private static void checkStandardFinalizers(Resource<?> resource, ObjectMeta meta, FieldErrors errors) {
        if (!resource.storedAsJson() && !resource.anyFinalizers()) {
            checkStandardFinalizers(meta, errors);
        }
    }

    private static void checkStandardFinalizers(ObjectMeta meta, FieldErrors errors) {
        for (int i = 0; i < meta.finalizers().size(); i++) {
            String finalizer = meta.finalizers().get(i);
            if (!finalizer.contains("/") && !STANDARD_FINALIZERS.contains(finalizer)) {
                errors.invalid(METADATA.child("finalizers").index(i), finalizer, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
    }

    private static void checkManagers(List<ManagedFieldsEntry> entries, FieldErrors errors) {
        for (int i = 0; i < entries.size(); i++) {
            ManagedFieldsEntry entry = entries.get(i);
            FieldPath path = METADATA.child("managedFields").index(i);
            if (!entry.operation().equals("Apply") && !entry.operation().equals("Update")) {
                errors.invalid(path.child("operation"), entry.operation(), "must be `Apply` or `Update`");
            }
            if (!entry.fieldsType().isEmpty() && !entry.fieldsType().equals("FieldsV1")) {
                errors.invalid(path.child("fieldsType"), entry.fieldsType(), "must be `FieldsV1`");
            }
            if (entry.manager().length() > MANAGER_LENGTH_LIMIT) {
                errors.tooLong(path.child("manager"), MANAGER_LENGTH_LIMIT);
            }
            entry.manager().codePoints().filter(Character::isISOControl)
                    .forEach(c -> errors.invalid(path.child("manager"), entry.manager(), "invalid character U+" + Integer.toHexString(c)));
            if (entry.subresource().length() > SUBRESOURCE_LENGTH_LIMIT) {
                errors.tooLong(path.child("subresource"), SUBRESOURCE_LENGTH_LIMIT);
            }
        }
    }
}
