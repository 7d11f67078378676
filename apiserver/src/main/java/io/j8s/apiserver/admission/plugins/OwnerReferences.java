package io.j8s.apiserver.admission.plugins;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resource.Resource;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.apiextensions.v1.CustomResourceDefinition;
import io.j8s.model.meta.v1.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who changes an object's owners must be allowed to delete it, and who makes an owner wait for it (`blockOwnerDeletion`) must be allowed to set the owner's finalizers
/// (plugin `OwnerReferencesPermissionEnforcement`).
///
/// @param resources the built-in ones, among which owners' kinds are looked up
public record OwnerReferences(Authorizer authorizer, List<Resource<?>> resources) implements AdmissionPlugin {

    @Override
    public String name() {
        return "OwnerReferencesPermissionEnforcement";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return (request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE)
                && !(request.about("", "pods") && request.subresource().equals("status"));
    }

    @Override
    public void validate(AdmissionRequest request) {
        List<OwnerReference> owners = owners(request.object());
        List<OwnerReference> before = owners(request.old());
        if (owners.equals(before)) {
            return;
        }
        if (request.operation() != Operation.CREATE) {
            Attributes delete = Attributes.ofResource(request.user(), "delete", request.group(), request.requested().version(), request.requested().plural(),
                    request.subresource(), request.namespace(), request.name());
            Decision decision = authorizer.authorize(delete);
            if (!(decision instanceof Decision.Allow)) {
                throw request.forbidden("cannot set an ownerRef on a resource you can't delete: " + decision.reason() + ", <nil>");
            }
        }
        List<OwnerReference> blocking = owners.stream()
                .filter(OwnerReference::blockOwnerDeletion)
                .filter(owner -> before.stream().noneMatch(one -> one.uid().equals(owner.uid()) && one.blockOwnerDeletion()))
                .toList();
        if (!blocking.isEmpty() && !may(Attributes.ofResource(request.user(), "update", "*", "*", "*", "finalizers", "", "*"))) {
            blocking.forEach(owner -> checkBlocking(request, owner));
        }
    }

    private static List<OwnerReference> owners(@Nullable Struct object) {
        return object == null ? List.of() : Objects.metadata(object).ownerReferences();
    }

    private boolean may(Attributes attributes) {
        return authorizer.authorize(attributes) instanceof Decision.Allow;
    }

    /// The resource of an owner's kind, and whether it is namespaced.
    private record Known(String group, String version, String plural, boolean namespaced) {}

    private void checkBlocking(AdmissionRequest request, OwnerReference owner) {
        Known known = known(request, owner);
        if (known == null) {
            throw request.forbidden("cannot set blockOwnerDeletion in this case because cannot find RESTMapping for APIVersion " + owner.apiVersion() + " Kind " + owner.kind()
                    + ": no matches for kind \"" + owner.kind() + "\" in version \"" + owner.apiVersion() + "\"");
        }
        Decision decision = authorizer.authorize(Attributes.ofResource(request.user(), "update", known.group, known.version, known.plural, "finalizers",
                known.namespaced ? request.namespace() : "", owner.name()));
        if (!(decision instanceof Decision.Allow)) {
            throw request.forbidden("cannot set blockOwnerDeletion if an ownerReference refers to a resource you can't set finalizers on: " + decision.reason() + ", <nil>");
        }
    }

    private @Nullable Known known(AdmissionRequest request, OwnerReference owner) {
        for (Resource<?> resource : resources) {
            for (var version : resource.versions()) {
                ApiResource<?> one = version.resource();
                if (one.kind().equals(owner.kind()) && one.apiVersion().equals(owner.apiVersion())) {
                    return new Known(one.group(), one.version(), one.plural(), resource.namespaced());
                }
            }
        }
        List<Known> custom = new ArrayList<>(1);
        request.state().any(CustomResourceDefinition.RESOURCE, "", definition -> {
            String version = owner.apiVersion().startsWith(definition.spec().group() + "/") ? owner.apiVersion().substring(definition.spec().group().length() + 1) : "";
            if (definition.spec().names().kind().equals(owner.kind())
                    && definition.spec().versions().stream().anyMatch(one -> one.served() && one.name().equals(version))) {
                custom.add(new Known(definition.spec().group(), version, definition.spec().names().plural(), definition.spec().scope().equals("Namespaced")));
            }
            return !custom.isEmpty();
        });
        return custom.isEmpty() ? null : custom.getFirst();
    }
}
