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
import io.j8s.model.Yaml;
import io.j8s.model.meta.v1.ManagedFieldsEntry;
import io.j8s.model.patch.PatchException;
import io.j8s.model.patch.Patches;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes an object through another kind's eyes: `scale`. What the view sets of the object is owned by the writer, under the subresource's name.
public final class ViewWrites<T extends Struct, V extends Struct> {

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

    /// What the configuration says of the view, it says of the object: conflicts and ownership are those of the object's own field.
    private Struct apply(byte[] configuration, WritePolicy policy) {
        Field spec = target.version().resource().type().field("spec");
        boolean plain = spec != null && spec.shape() instanceof Shape.Message message && message.type().field("replicas") != null;
        if (!plain) {
            return write(current -> cast(applied(current, configuration)), policy);
        }
        Writes.Source<T> source = current -> {
            if (current == null) {
                throw target.notFound();
            }
            checkKind(configuration);
            FieldErrors errors = new FieldErrors();
            V sent = cast(applied(view.before().apply(current.object()), configuration));
            view.write().apply(current.object(), sent, errors);
            if (!errors.isEmpty()) {
                throw Refusal.invalid(view.group(), view.kind(), target.name(), errors.list());
            }
            Map<String, Object> own = new LinkedHashMap<>();
            own.put("apiVersion", target.version().resource().apiVersion());
            own.put("kind", target.version().resource().kind());
            own.put("metadata", Map.of("name", target.name()));
            if (Json.readPlain(Yaml.toJson(configuration)) instanceof Map<?, ?> map && map.get("spec") instanceof Map<?, ?> sentSpec) {
                own.put("spec", sentSpec);
            }
            Struct result = engine.ownership().apply(target, current.object(), own, policy.manager(), policy.force(), view.name(), now());
            return untimed(target.version().accept(Objects.typed(result)));
        };
        return view.before().apply(writes.update(target, call, rules(), view.name(), source, false, () -> {}, policy).stored().object());
    }

    private void checkKind(byte[] configuration) {
        Object said;
        try {
            said = Json.readPlain(Yaml.toJson(configuration)) instanceof Map<?, ?> map ? map.get("kind") : null;
        } catch (DecodeException e) {
            throw Refusal.badRequest("error decoding YAML: " + e.getMessage());
        }
        if (said instanceof String kind && !kind.equals(view.kind())) {
            throw Refusal.badRequest("the kind in the data (" + kind + ") does not match the expected kind (" + view.kind() + ")");
        }
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
        V sent = change.of(view.before().apply(live));
        String uid = Objects.metadata(sent).uid();
        if (!uid.isEmpty() && !uid.equals(Objects.metadata(live).uid())) {
            throw target.conflict("Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + Objects.metadata(live).uid());
        }
        String version = Objects.metadata(sent).resourceVersion();
        FieldErrors errors = new FieldErrors();
        T changed = view.write().apply(live, sent, errors);
        if (!errors.isEmpty()) {
            throw Refusal.invalid(view.group(), view.kind(), target.name(), errors.list());
        }
        T owned = untimed(engine.ownership().update(target, live, changed, manager, view.name(), now()));
        return Objects.withMetadata(owned, Objects.metadata(owned).withResourceVersion(version));
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
