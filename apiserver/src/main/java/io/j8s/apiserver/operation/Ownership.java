package io.j8s.apiserver.operation;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.FieldTree;
import io.j8s.model.Objects;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.apply.Conflict;
import io.j8s.model.apply.FieldFilter;
import io.j8s.model.apply.FieldManagement;
import io.j8s.model.apply.InvalidConfigurationException;
import io.j8s.model.apply.MergeSchema;
import io.j8s.model.apply.Versions;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps `metadata.managedFields`: which manager owns which fields. Objects are given and returned in the hub's version; managers own fields in the version that they
/// wrote in. Thread-safe.
public final class Ownership {

    private final MergeSchema schema = new MergeSchema();
    /// Guarded by itself. By resource, so that what is kept of a resource ends with it.
    private final Map<Resource<?>, Map<String, FieldManagement>> known = new WeakHashMap<>();

    /// The new object with the managers of the stored one brought up to date for a create, update or patch by `manager`.
    ///
    /// @param live the stored object; the type's empty value on create
    /// @param subresource empty for the object itself
    <T extends Struct> T update(Target<T> target, T live, T changed, String manager, String subresource, Instant now) {
        Version<T, ?> version = target.version();
        Struct after;
        try {
            after = management(target, subresource).afterUpdate(version.fromHub().apply(live), version.fromHub().apply(changed), manager, now);
        } catch (InvalidConfigurationException e) { // elements of a list cannot be told apart: then nobody owns anything, as upstream has it
            return Objects.withMetadata(changed, Objects.metadata(changed).withoutManagedFields());
        }
        return Objects.withMetadata(changed, Objects.metadata(changed).withManagedFields(Objects.metadata(after).managedFields()));
    }

    /// The answer to a review or an action, saying who owns the fields that were sent: upstream treats such bodies as objects that are created.
    Struct owned(Struct answer, Struct sent, String manager, String subresource, Instant now) {
        Type type = sent.structType();
        boolean objects = answer.structType().equals(type) && type.field("metadata") != null && type.field("metadata").shape() instanceof Shape.Message message
                && message.type().equals(ObjectMeta.TYPE);
        if (!objects) {
            return answer;
        }
        Struct after = ofView(type, subresource).afterUpdate(type.empty(), sent, manager, now);
        return Objects.withMetadata(answer, Objects.metadata(answer).withManagedFields(Objects.metadata(after).managedFields()));
    }

    /// The object after server-side apply, in the version that the client spoke, before its defaults.
    ///
    /// @param live the stored object; the type's empty value when there is none
    /// @param configuration what the client sent, as plain JSON
    <T extends Struct> Struct apply(Target<T> target, T live, Map<String, Object> configuration, String manager, boolean force, String subresource, Instant now) {
        return applied(management(target, subresource), target.version().fromHub().apply(live), configuration, manager, force, now);
    }

    /// A view of an object (`scale`) after server-side apply of the view; its managed fields are the view's own.
    Struct applyToView(Struct live, Map<String, Object> configuration, String manager, boolean force, String subresource, Instant now) {
        return applied(ofView(live.structType(), subresource), live, configuration, manager, force, now);
    }

    /// A view of an object after it was written; its managed fields are the view's own.
    Struct updateView(Struct live, Struct changed, String manager, String subresource, Instant now) {
        return ofView(live.structType(), subresource).afterUpdate(live, changed, manager, now);
    }

    private FieldManagement ofView(Type type, String subresource) {
        return new FieldManagement(type, type.apiVersion(), subresource, schema, Versions.only(type.apiVersion(), type), Map.of());
    }

    private static Struct applied(FieldManagement management, Struct live, Map<String, Object> configuration, String manager, boolean force, Instant now) {
        FieldManagement.Outcome outcome;
        try {
            outcome = management.apply(live, configuration, manager, force, now);
        } catch (InvalidConfigurationException e) {
            throw Refusal.badRequest("failed to apply: " + e.getMessage());
        }
        return switch (outcome) {
            case FieldManagement.Outcome.Applied(Struct object, boolean changed) -> object;
            case FieldManagement.Outcome.Conflicts(List<Conflict> conflicts) -> throw conflict(conflicts);
        };
    }

    private static Refusal conflict(List<Conflict> conflicts) {
        List<Refusal.Cause> causes = conflicts.stream().map(one -> new Refusal.Cause("FieldManagerConflict", one.message(), one.path())).toList();
        return new Refusal(409, "Conflict", Conflict.summary(conflicts), Refusal.Details.EMPTY.withCauses(causes));
    }

    /// The object to store: the live one where nothing but times of managers would change.
    <T extends Struct> T withoutIdleTimes(Resource<T> resource, T changed, T live) {
        return resource.cast(FieldManagement.keepTimesOfNoop(live, changed));
    }

    private <T extends Struct> FieldManagement management(Target<T> target, String subresource) {
        String key = target.version().resource().apiVersion() + "/" + subresource;
        synchronized (known) {
            return known.computeIfAbsent(target.resource(), resource -> new HashMap<>()).computeIfAbsent(key, k -> make(target.resource(), target.version(), subresource));
        }
    }

    private <T extends Struct> FieldManagement make(Resource<T> resource, Version<T, ?> version, String subresource) {
        Map<String, FieldFilter> filters = new HashMap<>();
        resource.versions().forEach(served -> {
            Set<List<String>> reset = resource.resetFields(served, subresource);
            if (!reset.isEmpty()) {
                filters.put(served.resource().apiVersion(), without(reset));
            }
        });
        return new FieldManagement(version.resource().type(), version.resource().apiVersion(), subresource, schema, versions(resource, version), filters);
    }

    private static FieldFilter without(Set<List<String>> paths) {
        FieldTree tree = FieldTree.EMPTY;
        for (List<String> path : paths) {
            tree = tree.union(FieldTree.ofNames(path.toArray(String[]::new)));
        }
        return FieldFilter.except(tree);
    }

    private static <T extends Struct> Versions versions(Resource<T> resource, Version<T, ?> from) {
        return new Versions() {
            @Override
            public @Nullable Type type(String apiVersion) {
                Version<T, ?> version = find(apiVersion);
                return version == null || !version.resource().group().equals(from.resource().group()) ? null : version.resource().type();
            }

            @Override
            public Struct convert(Struct object, String apiVersion) {
                Version<T, ?> version = find(apiVersion);
                Version<T, ?> present = presentVersion(object);
                return version == null || version.equals(present) ? object : version.fromHub().apply(present.toHub(object));
            }

            /// The version that an object is in: it may have been converted before.
            private Version<T, ?> presentVersion(Struct object) {
                if (object.structType().equals(from.resource().type())) {
                    return from;
                }
                return resource.versions().stream().filter(served -> served.resource().type().equals(object.structType())).findFirst().orElse(from);
            }

            private @Nullable Version<T, ?> find(String apiVersion) {
                int slash = apiVersion.indexOf('/');
                return resource.version(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
            }
        };
    }
}
