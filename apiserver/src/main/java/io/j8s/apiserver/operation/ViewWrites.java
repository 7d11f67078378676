package io.j8s.apiserver.operation;

import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.DecodeException;
import io.j8s.model.Field;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.Yaml;
import io.j8s.model.apply.ScaleOwnership;
import io.j8s.model.meta.v1.ManagedFieldsEntry;
import io.j8s.model.patch.PatchException;
import io.j8s.model.patch.Patches;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes an object through another kind's eyes: `scale`. What the view sets of the object is owned by the writer, under the subresource's name.
public final class ViewWrites<T extends Struct, V extends Struct> {

    private static final List<String> REPLICAS = List.of("spec", "replicas");

    private final Engine engine;
    private final Writes writes;
    private final Target<T> target;
    private final Call call;
    private final Subresource.View<T, V> view;

    public ViewWrites(Engine engine, Writes writes, Target<T> target, Call call, Subresource.View<T, V> view) {
        this.engine = engine;
        this.writes = writes;
        this.target = target;
        this.call = call;
        this.view = view;
    }

    /// Replaces the view; answers the view as it is then.
    public Struct put(Struct sent, WritePolicy policy) {
        return write(current -> cast(sent), policy);
    }

    /// Lays a patch over the view; answers the view as it is then.
    public Struct patch(PatchKind kind, byte[] patch, String fieldValidation, WritePolicy policy) {
        if (kind == PatchKind.APPLY) {
            return apply(patch, policy);
        }
        return write(current -> cast(patched(current, kind, patch, fieldValidation)), policy);
    }

    /// Server-side apply of the view. Who owns the number of replicas of the object owns that of the view, and the other way round.
    private Struct apply(byte[] configuration, WritePolicy policy) {
        if (!hasReplicas(target.version().resource().type())) {
            return write(current -> cast(applied(current, configuration)), policy);
        }
        Writes.Source<T> source = current -> {
            if (current == null) {
                throw target.notFound();
            }
            Map<String, Object> plain = plain(configuration);
            Struct after = engine.ownership().applyToView(owned(current.object()), plain, policy.manager(), policy.force(), view.name(), now());
            String namespace = Objects.metadata(after).namespace();
            if (!namespace.isEmpty() && !namespace.equals(target.namespace())) {
                throw Refusal.badRequest("the namespace of the provided object does not match the namespace sent on the request");
            }
            return withOwners(written(current.object(), cast(after), true), current.object(), after);
        };
        return view.before().apply(writes.update(target, call, rules(), view.name(), source, false, () -> {}, policy).stored().object());
    }

    /// The view of the object with the owners of the number of replicas.
    private Struct owned(T object) {
        V seen = view.before().apply(object);
        return Objects.withMetadata(seen, Objects.metadata(seen).withManagedFields(ownership().toScale(Objects.metadata(object).managedFields())));
    }

    /// The changed object with the owners that follow from those of the view.
    private T withOwners(T changed, T before, Struct view) {
        List<ManagedFieldsEntry> owners = ownership().toParent(Objects.metadata(before).managedFields(), Objects.metadata(view).managedFields());
        return untimed(Objects.withMetadata(changed, Objects.metadata(changed).withManagedFields(owners)));
    }

    private ScaleOwnership ownership() {
        Map<String, List<String>> replicas = new HashMap<>();
        target.resource().versions().forEach(version -> replicas.put(version.resource().apiVersion(), hasReplicas(version.resource().type()) ? REPLICAS : List.of()));
        return new ScaleOwnership(target.version().resource().apiVersion(), replicas);
    }

    private static boolean hasReplicas(Type type) {
        Field spec = type.field("spec");
        return spec != null && spec.shape() instanceof Shape.Message message && message.type().field("replicas") != null;
    }

    @SuppressWarnings("unchecked") // keys of plain JSON objects are strings
    private Map<String, Object> plain(byte[] configuration) {
        Object read;
        try {
            read = Json.readPlain(Yaml.toJson(configuration));
        } catch (DecodeException e) {
            throw Refusal.badRequest("error decoding YAML: " + e.getMessage());
        }
        if (!(read instanceof Map<?, ?> map)) {
            throw Refusal.badRequest("error decoding YAML: what is applied must be one object");
        }
        String apiVersion = map.get("apiVersion") instanceof String text ? text : "";
        String kind = map.get("kind") instanceof String text ? text : "";
        if (!apiVersion.equals(view.group() + "/" + view.version()) || !kind.equals(view.kind())) {
            throw Refusal.badRequest("invalid object type: " + (apiVersion.indexOf('/') < 0 ? "/" : "") + apiVersion + ", Kind=" + kind);
        }
        return (Map<String, Object>) map;
    }

    /// A configuration of the view is laid over it as it is; who may own what is settled on the object.
    private Struct applied(V live, byte[] configuration) {
        try {
            return Patches.merge(live, Yaml.toJson(configuration), finding -> {});
        } catch (DecodeException e) {
            throw Refusal.badRequest("error decoding YAML: " + e.getMessage());
        } catch (PatchException e) {
            throw Patching.refusal(e, PatchKind.APPLY, configuration);
        }
    }

    private Struct patched(V live, PatchKind kind, byte[] patch, String fieldValidation) {
        Set<String> findings = new LinkedHashSet<>(0);
        try {
            Struct changed = switch (kind) {
                case JSON -> Patches.json(live, patch, findings::add);
                case MERGE -> Patches.merge(live, patch, findings::add);
                case STRATEGIC, APPLY -> Patches.strategic(live, patch, findings::add);
            };
            Patching.report(findings, fieldValidation, call);
            return changed;
        } catch (PatchException e) {
            throw Patching.refusal(e, kind, patch);
        }
    }

    /// What becomes of the view as it is now.
    private interface Change<V> {
        V of(V current);
    }

    private Struct write(Change<V> change, WritePolicy policy) {
        String manager = call.managerOr(policy.manager());
        Written<T> written = writes.update(target, call, rules(), view.name(), current -> changed(current, change, manager), false, () -> {}, policy);
        return view.before().apply(written.stored().object());
    }

    private T changed(@Nullable Stored<T> current, Change<V> change, String manager) {
        if (current == null) {
            throw target.notFound();
        }
        T live = current.object();
        if (hasReplicas(target.version().resource().type())) {
            Struct seen = owned(live);
            V sent = change.of(cast(seen));
            Struct after = engine.ownership().updateView(seen, sent, manager, view.name(), now());
            return withOwners(written(live, sent, false), live, after);
        }
        T changed = written(live, change.of(view.before().apply(live)), false);
        String version = Objects.metadata(changed).resourceVersion();
        T owned = untimed(engine.ownership().update(target, live, changed, manager, view.name(), now()));
        return Objects.withMetadata(owned, Objects.metadata(owned).withResourceVersion(version));
    }

    /// The object with what the view says; its version is the one that the view was sent with.
    private T written(T live, V sent, boolean patching) {
        String uid = Objects.metadata(sent).uid();
        if (!uid.isEmpty() && !uid.equals(Objects.metadata(live).uid())) {
            String why = "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + Objects.metadata(live).uid();
            throw patching ? Refusal.conflict(target.group(), target.plural() + "/" + view.name(), target.name(), why) : target.conflict(why);
        }
        FieldErrors errors = new FieldErrors();
        T changed = view.write().apply(live, sent, errors);
        if (!errors.isEmpty()) {
            throw Refusal.invalid(view.group(), view.kind(), target.name(), errors.list());
        }
        return Objects.withMetadata(changed, Objects.metadata(changed).withResourceVersion(Objects.metadata(sent).resourceVersion()));
    }

    /// Upstream keeps no times for what is owned through a view.
    private T untimed(T object) {
        List<ManagedFieldsEntry> entries = Objects.metadata(object).managedFields().stream()
                .map(entry -> entry.subresource().equals(view.name()) ? entry.withoutTime() : entry)
                .toList();
        return Objects.withMetadata(object, Objects.metadata(object).withManagedFields(entries));
    }

    private Writes.Rules<T> rules() {
        Resource<T> resource = target.resource();
        return new Writes.Rules<>() {
            @Override
            public T prepare(T sent, T stored, PendingWrite write) {
                return resource.prepareUpdate(sent, stored, write);
            }

            @Override
            public void validate(T object, T old, FieldErrors errors) {
                resource.validateUpdate(object, old, errors);
            }

            @Override
            public boolean createsOnUpdate() {
                return false;
            }
        };
    }

    @SuppressWarnings("unchecked") // a value of the view's type
    private V cast(Struct value) {
        return (V) value;
    }

    private Instant now() {
        return engine.timeline().now().truncatedTo(ChronoUnit.SECONDS);
    }
}
