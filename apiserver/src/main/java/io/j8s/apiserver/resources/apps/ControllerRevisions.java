package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.RawObject;
import io.j8s.model.apps.v1.ControllerRevision;
import io.j8s.model.meta.v1.OwnerReference;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// `controllerrevisions.apps`: earlier templates of stateful sets and daemon sets.
final class ControllerRevisions {

    private ControllerRevisions() {}

    static Resource<ControllerRevision> resource() {
        return Resource.of(ControllerRevision.RESOURCE)
                .createRules(ControllerRevisions::create)
                .updateRules(ControllerRevisions::update)
                .table(table -> table
                        .nameColumn()
                        .column("Controller", "string", "The controller that owns the revision.", (revision, now) -> controller(revision))
                        .column("Revision", "string", "The number of the revision.", (revision, now) -> revision.revision())
                        .ageColumn())
                .build();
    }

    private static void create(ControllerRevision revision, FieldErrors errors) {
        NumberRules.notNegative(revision.revision(), FieldPath.of("revision"), errors);
        RawObject data = revision.data();
        if (data == null || !new String(data.bytes(), StandardCharsets.UTF_8).stripLeading().startsWith("{")) {
            errors.required(FieldPath.of("data"), "data must be a JSON object");
        }
    }

    private static void update(ControllerRevision revision, ControllerRevision old, FieldErrors errors) {
        NumberRules.notNegative(revision.revision(), FieldPath.of("revision"), errors);
        errors.immutable(FieldPath.of("data"), revision.data(), old.data());
    }

    private static String controller(ControllerRevision revision) {
        for (OwnerReference owner : revision.metadata().ownerReferences()) {
            if (owner.controller()) {
                int slash = owner.apiVersion().indexOf('/');
                String group = slash < 0 ? "" : "." + owner.apiVersion().substring(0, slash);
                return owner.kind().toLowerCase(Locale.ROOT) + group + "/" + owner.name();
            }
        }
        return "<none>";
    }
}
