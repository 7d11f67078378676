package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.apps.v1.ControllerRevision;
import io.j8s.model.meta.v1.OwnerReference;
import java.util.Locale;

/// `controllerrevisions.apps`: earlier templates of stateful sets and daemon sets.
final class ControllerRevisions {

    private ControllerRevisions() {}

    static Resource<ControllerRevision> resource() {
        return Resource.of(ControllerRevision.RESOURCE)
                .rules(ControllerRevisions::rules)
                .updateRules((revision, old, errors) -> errors.immutable(FieldPath.of("data"), revision.data(), old.data()))
                .nameColumn()
                .column("Controller", "string", "The controller that owns the revision.", (revision, now) -> controller(revision))
                .column("Revision", "string", "The number of the revision.", (revision, now) -> revision.revision())
                .ageColumn()
                .build();
    }

    private static void rules(ControllerRevision revision, FieldErrors errors) {
        if (!revision.hasData()) {
            errors.required(FieldPath.of("data"), "data is mandatory");
        }
        if (revision.revision() < 0) {
            errors.invalid(FieldPath.of("revision"), revision.revision(), "must be greater than or equal to 0");
        }
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
