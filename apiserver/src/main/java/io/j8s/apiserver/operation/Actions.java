package io.j8s.apiserver.operation;

import io.j8s.apiserver.registry.ResourceTable;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.Refusal;
import io.j8s.client.DeleteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.CreateOptions;
import io.j8s.model.meta.v1.Preconditions;
import java.time.temporal.ChronoUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What actions on objects (binding, eviction) do to other objects, or to the same.
public final class Actions {

    private static final int ATTEMPTS = 100;

    private final Engine engine;
    private final Writes writes;

    public Actions(Engine engine, Writes writes) {
        this.engine = engine;
        this.writes = writes;
    }

    public <X extends Struct> X require(ApiResource<X> resource, String namespace, String name) {
        X object = engine.tables().get(resource, namespace, name);
        if (object == null) {
            throw Refusal.notFound(resource.group(), resource.plural(), name);
        }
        return object;
    }

    /// See [io.j8s.apiserver.resource.ActionContext#change].
    public <X extends Struct> X change(Call call, ApiResource<X> resource, String namespace, String name, boolean dryRun, UnaryOperator<X> change) {
        return change(call, resource, namespace, name, dryRun, change, "");
    }

    /// Changes the status of an object, as its manager `kube-apiserver`.
    public <X extends Struct> X changeStatus(Call call, ApiResource<X> resource, String namespace, String name, boolean dryRun, UnaryOperator<X> change) {
        return change(call, resource, namespace, name, dryRun, change, "kube-apiserver");
    }

    /// @param manager who owns what is changed, in `status`; empty: nobody
    private <X extends Struct> X change(
            Call call, ApiResource<X> resource, String namespace, String name, boolean dryRun, UnaryOperator<X> change, String manager) {
        ResourceTable<X> table = table(resource);
        Commits commits = new Commits(engine);
        Target<X> target = target(table, resource, namespace, name);
        engine.awaitNewest();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Stored<X> current = table.get(namespace, name);
            if (current == null) {
                throw Refusal.notFound(resource.group(), resource.plural(), name);
            }
            X changed = change.apply(current.object());
            if (changed.equals(current.object())) {
                return changed;
            }
            if (!manager.isEmpty()) {
                changed = engine.ownership().update(target, current.object(), changed, manager, "status", engine.timeline().now().truncatedTo(ChronoUnit.SECONDS));
            }
            FieldErrors errors = new FieldErrors();
            MetadataRules.check(table.resource(), Objects.metadata(changed), errors);
            if (!errors.isEmpty()) {
                throw target.invalid(errors.list());
            }
            PendingWrite write = new PendingWrite(engine.tables(), engine.timeline(), call, namespace, name, dryRun);
            Stored<X> next = table.prepare(current.key(), changed);
            if (dryRun || commits.put(table, next, current.revision(), write)) {
                return next.object();
            }
        }
        throw target.conflict("it is written by so many others that no attempt succeeded");
    }

    /// Makes an object.
    public <X extends Struct> X create(Call call, ApiResource<X> resource, String namespace, X object) {
        ResourceTable<X> table = table(resource);
        return writes.create(target(table, resource, namespace, ""), call, object, new WritePolicy(false, "", false, CreateOptions.EMPTY)).object();
    }

    public Struct delete(Call call, ApiResource<?> resource, String namespace, String name, Deletions.Policy policy) {
        return deleteFrom(call, table(resource), resource, namespace, name, policy);
    }

    private <X extends Struct> Struct deleteFrom(
            Call call, ResourceTable<X> table, ApiResource<?> resource, String namespace, String name, Deletions.Policy policy) {
        Version<X, ?> version = version(table, resource);
        return writes.deletions().delete(new Target<>(table.resource(), version, namespace, name), call, policy, false).answer();
    }

    /// A client's options as a policy.
    public static Deletions.Policy policy(DeleteOptions options, boolean dryRun) {
        io.j8s.model.meta.v1.DeleteOptions asObject = io.j8s.model.meta.v1.DeleteOptions.EMPTY;
        if (options.gracePeriodSeconds() != null) {
            asObject = asObject.withGracePeriodSeconds(options.gracePeriodSeconds());
        }
        if (!options.propagationPolicy().isEmpty()) {
            asObject = asObject.withPropagationPolicy(options.propagationPolicy());
        }
        Preconditions preconditions = Preconditions.EMPTY;
        if (!options.uid().isEmpty()) {
            preconditions = preconditions.withUid(options.uid());
        }
        if (!options.resourceVersion().isEmpty()) {
            preconditions = preconditions.withResourceVersion(options.resourceVersion());
        }
        if (!preconditions.isEmpty()) {
            asObject = asObject.withPreconditions(preconditions);
        }
        return new Deletions.Policy(
                options.gracePeriodSeconds(), options.propagationPolicy(), null, orNull(options.uid()), orNull(options.resourceVersion()),
                dryRun || options.dryRun(), Objects.typed(asObject));
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /// As [#change], for one version of a resource that is already known.
    private static <X extends Struct> Target<X> target(ResourceTable<X> table, ApiResource<X> resource, String namespace, String name) {
        return new Target<>(table.resource(), version(table, resource), namespace, name);
    }

    private static <X extends Struct> Version<X, ?> version(ResourceTable<X> table, ApiResource<?> resource) {
        Version<X, ?> version = table.resource().version(resource.group(), resource.version());
        if (version == null) {
            throw new IllegalStateException(resource + " is not served");
        }
        return version;
    }

    @SuppressWarnings("unchecked") // actions name resources in the version that the server works in
    private <X extends Struct> ResourceTable<X> table(ApiResource<X> resource) {
        ResourceTable<?> table = engine.tables().tableOf(resource);
        if (table == null) {
            throw new IllegalStateException(resource + " is not served");
        }
        return (ResourceTable<X>) table;
    }
}
