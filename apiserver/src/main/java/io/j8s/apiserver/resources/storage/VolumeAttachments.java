package io.j8s.apiserver.resources.storage;

import io.j8s.apiserver.resource.Column;
import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Parts;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.PersistentVolumeRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.storage.v1.VolumeAttachment;
import io.j8s.model.storage.v1.VolumeAttachmentSource;
import io.j8s.model.storage.v1.VolumeError;

/// `volumeattachments.storage.k8s.io`
final class VolumeAttachments {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final FieldPath STATUS = FieldPath.of("status");
    private static final int MOST_METADATA_BYTES = 256 * 1024;
    private static final int MOST_MESSAGE_CHARACTERS = 1024;

    private VolumeAttachments() {}

    static Resource<VolumeAttachment> resource() {
        return Resource.of(VolumeAttachment.RESOURCE)
                .updatesOnlyConditionally()
                .metadataUpdateNotRevalidated()
                .answersDeletionWithObject()
                .rules(VolumeAttachments::rules)
                .updateRules((attachment, old, errors) -> errors.immutable(SPEC, attachment.spec(), old.spec()))
                .status(Parts::onlyStatusWithoutMetadata, VolumeAttachments::statusRules)
                .resets("status", "metadata")
                .table(table -> table
                        .nameColumn()
                        .column(new Column<>("Attacher", "string", "name", "attacher is the driver that attaches the volume.", 0, (attachment, now) -> attachment.spec().attacher()))
                        .column("PV", "string", "The volume's name.", (attachment, now) -> attachment.spec().source().persistentVolumeName())
                        .column("Node", "string", "The node that it is attached to.", (attachment, now) -> attachment.spec().nodeName())
                        .column("Attached", "boolean", "Whether it is attached.", (attachment, now) -> attachment.status().attached())
                        .ageColumn())
                .build();
    }

    private static void statusRules(VolumeAttachment attachment, VolumeAttachment old, FieldErrors errors) {
        rules(attachment, errors);
    }

    private static void rules(VolumeAttachment attachment, FieldErrors errors) {
        StorageRules.driverName(attachment.spec().attacher(), SPEC.child("attacher"), errors);
        source(attachment.spec().source(), SPEC.child("source"), errors);
        String node = attachment.spec().nodeName();
        Names.dnsSubdomain(node).forEach(problem -> errors.invalid(SPEC.child("nodeName"), node, problem));
        if (StorageRules.size(attachment.status().attachmentMetadata()) > MOST_METADATA_BYTES) {
            errors.tooLong(STATUS.child("attachmentMetadata"), MOST_METADATA_BYTES);
        }
        problem(attachment.status().attachError(), STATUS.child("attachError"), errors);
        problem(attachment.status().detachError(), STATUS.child("detachError"), errors);
        if (attachment.spec().source().hasPersistentVolumeName()) {
            String volume = attachment.spec().source().persistentVolumeName();
            Names.dnsSubdomain(volume).forEach(problem -> errors.invalid(SPEC.child("source").child("persistentVolumeName"), volume, problem));
        }
    }

    private static void source(VolumeAttachmentSource source, FieldPath path, FieldErrors errors) {
        if (!source.hasInlineVolumeSpec() && !source.hasPersistentVolumeName()) {
            errors.required(path, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (source.hasInlineVolumeSpec() && source.hasPersistentVolumeName()) {
            errors.forbidden(path, "must specify exactly one of inlineVolumeSpec and persistentVolumeName");
        } else if (source.hasPersistentVolumeName() && source.persistentVolumeName().isEmpty()) {
            errors.required(path.child("persistentVolumeName"), "must specify non empty persistentVolumeName");
        } else if (source.hasInlineVolumeSpec()) {
            PersistentVolumeRules.spec(source.inlineVolumeSpec(), "", true, path.child("inlineVolumeSpec"), errors);
        }
    }

    private static void problem(VolumeError error, FieldPath path, FieldErrors errors) {
        if (error.message().length() > MOST_MESSAGE_CHARACTERS) {
            errors.tooLong(path.child("message"), MOST_MESSAGE_CHARACTERS);
        }
        if (error.hasErrorCode() && error.errorCode() < 0) {
            errors.invalid(path.child("errorCode"), error.errorCode(), "must be between 0 and 2147483647, inclusive");
        }
    }
}
