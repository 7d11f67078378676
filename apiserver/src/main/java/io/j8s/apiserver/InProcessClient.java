package io.j8s.apiserver;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.operation.ActionCall;
import io.j8s.apiserver.operation.Actions;
import io.j8s.apiserver.operation.BulkDeletion;
import io.j8s.apiserver.operation.Call;
import io.j8s.apiserver.operation.Deletions;
import io.j8s.apiserver.operation.Engine;
import io.j8s.apiserver.operation.ListRequest;
import io.j8s.apiserver.operation.Listing;
import io.j8s.apiserver.operation.PatchKind;
import io.j8s.apiserver.operation.Patching;
import io.j8s.apiserver.operation.Reads;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.operation.ViewWrites;
import io.j8s.apiserver.operation.WritePolicy;
import io.j8s.apiserver.operation.Writes;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.Virtual;
import io.j8s.apiserver.serve.Access;
import io.j8s.apiserver.serve.Routes;
import io.j8s.apiserver.status.Refusal;
import io.j8s.apiserver.status.Statuses;
import io.j8s.apiserver.watch.ObjectWatch;
import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.client.Page;
import io.j8s.client.Patch;
import io.j8s.client.Watch;
import io.j8s.client.WriteOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.apiserver.status.CustomProblems;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.resource.ObjectReader;
import io.j8s.model.schema.SchemaException;
import io.j8s.model.PlainJson;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.meta.v1.CreateOptions;
import io.j8s.model.meta.v1.PatchOptions;
import io.j8s.model.meta.v1.UpdateOptions;
import io.j8s.model.selector.FieldSelector;
import io.j8s.model.selector.Selector;
import io.j8s.model.selector.SelectorException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A client in the server's process: the chain of HTTPS from authorization on, without bytes. Objects of built-in types are handed over as they lie in the tables.
final class InProcessClient implements Client {

    private static final Duration SHORTEST_WATCH = Duration.ofMinutes(30);

    private final Engine engine;
    private final Routes routes;
    private final User user;
    private final String name;
    private final Reads reads;
    private final Writes writes;

    InProcessClient(Engine engine, Routes routes, User user, String name) {
        this.engine = engine;
        this.routes = routes;
        this.user = user;
        this.name = name;
        this.reads = new Reads(engine);
        this.writes = new Writes(engine);
    }

    @Override
    public <T extends Struct> T get(ApiResource<T> resource, String namespace, String objectName) {
        return answered(() -> {
            authorize("get", resource, "", namespace, objectName);
            return get(resource, target(resource, namespace, objectName));
        });
    }

    private <T extends Struct, H extends Struct> T get(ApiResource<T> resource, Target<H> target) {
        return as(resource, target, reads.get(target, ""));
    }

    @Override
    public <T extends Struct> Page<T> list(ApiResource<T> resource, String namespace, ListOptions options) {
        return answered(() -> {
            authorize("list", resource, namespace, options);
            return list(resource, target(resource, namespace, ""), request(options));
        });
    }

    private <T extends Struct, H extends Struct> Page<T> list(ApiResource<T> resource, Target<H> target, ListRequest request) {
        Reads.check(request, false);
        Virtual<H> virtual = target.resource().virtual();
        if (virtual != null && virtual.list() != null) {
            return new Page<>(virtual.list().all().stream().map(object -> convert(resource, object)).toList(), "", "");
        }
        Listing<H> listing = reads.list(target, request);
        List<T> items = new ArrayList<>(listing.items().size());
        for (Stored<H> stored : listing.items()) {
            items.add(as(resource, target, stored));
        }
        return new Page<>(items, Long.toString(listing.revision()), listing.next());
    }

    @Override
    public <T extends Struct> Watch<T> watch(ApiResource<T> resource, String namespace, ListOptions options) {
        return answered(() -> {
            authorize("watch", resource, namespace, options);
            return watch(resource, target(resource, namespace, ""), request(options));
        });
    }

    private <T extends Struct, H extends Struct> Watch<T> watch(ApiResource<T> resource, Target<H> target, ListRequest request) {
        Reads.check(request, true);
        Duration length = request.timeoutSeconds() > 0 ? Duration.ofSeconds(request.timeoutSeconds()) : SHORTEST_WATCH;
        ObjectWatch<H> watch = ObjectWatch.begin(engine.tables(), reads, engine.timeline(), target, request, length);
        return new InProcessWatch<>(watch, stored -> as(resource, target, stored));
    }

    @Override
    public <T extends Struct> T create(ApiResource<T> resource, String namespace, T object, WriteOptions options) {
        return answered(() -> {
            authorize("create", resource, options.subresource(), namespace, options.subresource().isEmpty() ? "" : Objects.metadata(object).name());
            return create(resource, target(resource, namespace, ""), object, policy(options, CreateOptions.EMPTY));
        });
    }

    private <T extends Struct, H extends Struct> T create(ApiResource<T> resource, Target<H> target, T object, WritePolicy policy) {
        H sent = accept(target, object);
        Virtual<H> virtual = target.resource().virtual();
        if (virtual != null && virtual.create() != null) {
            return convert(resource, virtual.create().apply(new ActionCall(engine, writes, call(), target, policy.dryRun()), sent));
        }
        return as(resource, target, writes.create(target, call(), sent, policy));
    }

    @Override
    public <T extends Struct> T update(ApiResource<T> resource, String namespace, T object, WriteOptions options) {
        String objectName = Objects.metadata(object).name();
        return answered(() -> {
            authorize("update", resource, options.subresource(), namespace, objectName);
            return update(resource, target(resource, namespace, objectName), object, options);
        });
    }

    private <T extends Struct, H extends Struct> T update(ApiResource<T> resource, Target<H> target, T object, WriteOptions options) {
        WritePolicy policy = policy(options, UpdateOptions.EMPTY);
        Runnable mayCreate = () -> authorize("create", resource, "", target.namespace(), target.name());
        return as(resource, target, writes.put(target, call(), options.subresource(), accept(target, object), mayCreate, policy).stored());
    }

    @Override
    public <T extends Struct> T patch(ApiResource<T> resource, String namespace, String objectName, Patch patch, WriteOptions options) {
        return answered(() -> {
            authorize("patch", resource, options.subresource(), namespace, objectName);
            return patch(resource, target(resource, namespace, objectName), patch, options);
        });
    }

    private <T extends Struct, H extends Struct> T patch(ApiResource<T> resource, Target<H> target, Patch patch, WriteOptions options) {
        PatchKind kind = switch (patch) {
            case Patch.Json json -> PatchKind.JSON;
            case Patch.Merge merge -> PatchKind.MERGE;
            case Patch.Strategic strategic -> PatchKind.STRATEGIC;
            case Patch.Apply apply -> PatchKind.APPLY;
        };
        byte[] bytes = switch (patch) {
            case Patch.Json json -> json.text().getBytes(StandardCharsets.UTF_8);
            case Patch.Merge merge -> merge.text().getBytes(StandardCharsets.UTF_8);
            case Patch.Strategic strategic -> strategic.text().getBytes(StandardCharsets.UTF_8);
            case Patch.Apply apply -> Json.write(Objects.typed(apply.fields()));
        };
        WritePolicy policy = policy(options, PatchOptions.EMPTY);
        Subresource<H> subresource = named(target, options.subresource());
        if (subresource instanceof Subresource.View<H, ?> view) {
            Struct answer = new ViewWrites<>(engine, writes, target, call(), view).patch(kind, bytes, "Ignore", policy);
            return convert(resource, answer);
        }
        String validation = options.fieldValidation().isEmpty() ? "Ignore" : options.fieldValidation();
        Runnable mayCreate = () -> authorize("create", resource, "", target.namespace(), target.name());
        return as(resource, target, new Patching<>(engine, writes, target, call(), options.subresource(), kind, bytes, validation).apply(mayCreate, policy).stored());
    }

    @Override
    public <T extends Struct> Struct delete(ApiResource<T> resource, String namespace, String objectName, DeleteOptions options) {
        return answered(() -> {
            authorize("delete", resource, "", namespace, objectName);
            return delete(resource, target(resource, namespace, objectName), options);
        });
    }

    private <H extends Struct> Struct delete(ApiResource<?> resource, Target<H> target, DeleteOptions options) {
        Deletions.Deleted<H> deleted = writes.deletions().delete(target, call(), Actions.policy(options, false), true);
        return deleted.answer() instanceof io.j8s.model.meta.v1.Status status ? status : as(resource, target, deleted.object());
    }

    @Override
    public <T extends Struct> void deleteCollection(ApiResource<T> resource, String namespace, ListOptions which, DeleteOptions options) {
        answered(() -> {
            authorize("deletecollection", resource, namespace, which);
            deleteAll(target(resource, namespace, ""), request(which), options);
            return "";
        });
    }

    private <H extends Struct> void deleteAll(Target<H> target, ListRequest which, DeleteOptions options) {
        new BulkDeletion(writes.deletions(), engine.timeline()).delete(target, call(), Actions.policy(options, false), reads.list(target, which).items());
    }

    @Override
    public <T extends Struct> Struct createSubresource(
            ApiResource<T> resource, String namespace, String objectName, String subresource, Struct body, Type answer, WriteOptions options) {
        return answered(() -> {
            authorize("create", resource, subresource, namespace, objectName);
            Target<?> target = target(resource, namespace, objectName);
            if (!(named(target, subresource) instanceof Subresource.Action<?, ?> action)) {
                throw Refusal.noSuchPath();
            }
            return new ActionCall(engine, writes, call(), target, options.dryRun()).perform(action, body, options.fieldManager());
        });
    }

    @Override
    public <T extends Struct> Struct getSubresource(ApiResource<T> resource, String namespace, String objectName, String subresource, Type answer) {
        return answered(() -> {
            authorize("get", resource, subresource, namespace, objectName);
            return view(target(resource, namespace, objectName), subresource);
        });
    }

    private static <H extends Struct> @Nullable Subresource<H> named(Target<H> target, String subresource) {
        return target.resource().subresources(target.version()).get(subresource);
    }

    private <H extends Struct> Struct view(Target<H> target, String subresource) {
        Stored<H> stored = reads.get(target, "");
        return switch (named(target, subresource)) {
            case Subresource.View<H, ?> view -> view.read().apply(stored.object());
            case Subresource.Part<H> part -> target.version().fromHub().apply(stored.object());
            case null, default -> throw Refusal.noSuchPath();
        };
    }

    // ---- common

    private Call call() {
        return new Call(user, name);
    }

    private void authorize(String verb, ApiResource<?> resource, String subresource, String namespace, String objectName) {
        authorize(Attributes.ofResource(user, verb, resource.group(), resource.version(), resource.plural(), subresource, namespace, objectName));
    }

    /// What is selected counts, too: nodes may list the pods that are bound to them.
    private void authorize(String verb, ApiResource<?> resource, String namespace, ListOptions options) {
        String selectedName = RequestInfo.selectedName(options.fieldSelector());
        authorize(new Attributes(user, verb, resource.group(), resource.version(), resource.plural(), "", namespace, selectedName, "", options.fieldSelector(), options.labelSelector()));
    }

    private void authorize(Attributes attributes) {
        Decision decision = engine.authorizer().authorize(attributes);
        if (!(decision instanceof Decision.Allow)) {
            throw Access.forbidden(attributes, decision.reason());
        }
    }

    private Target<?> target(ApiResource<?> resource, String namespace, String objectName) {
        Routes.Served<?> served = routes.served(resource.group(), resource.version(), resource.plural());
        if (served == null) {
            throw Refusal.noSuchPath();
        }
        return target(served, namespace, objectName);
    }

    private static <H extends Struct> Target<H> target(Routes.Served<H> served, String namespace, String objectName) {
        return new Target<>(served.resource(), served.version(), served.resource().namespaced() ? namespace : "", objectName);
    }

    private static WritePolicy policy(WriteOptions options, Struct asObject) {
        return new WritePolicy(options.dryRun(), options.fieldManager(), options.force(), Objects.typed(asObject));
    }

    private static ListRequest request(ListOptions options) {
        try {
            return new ListRequest(
                    Selector.parse(options.labelSelector()), FieldSelector.parse(options.fieldSelector()), options.resourceVersion(), options.resourceVersionMatch(),
                    options.limit(), options.continueToken(), options.allowWatchBookmarks(), options.sendInitialEvents(), options.timeoutSeconds());
        } catch (SelectorException e) {
            throw Refusal.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static <H extends Struct> H accept(Target<H> target, Struct object) {
        Version<H, ?> version = target.version();
        Type type = version.resource().type();
        ObjectReader reader = version.reader();
        if (reader != null) {
            return version.accept(read(version, reader, object));
        }
        return version.accept(Objects.typed(object.structType().equals(type) ? object : Json.read(type, Json.write(object))));
    }

    private static Struct read(Version<?, ?> version, ObjectReader reader, Struct object) {
        try {
            return reader.read(PlainJson.of(object), finding -> {});
        } catch (SchemaException e) {
            throw CustomProblems.refusal(version.resource(), Objects.metadata(object).name(), e.problems());
        }
    }

    private static <T extends Struct, H extends Struct> T as(ApiResource<T> resource, Target<H> target, Stored<H> stored) {
        return convert(resource, target.version().fromHub().apply(stored.object()));
    }

    /// The object in the type that the caller asked for: custom resources are known by their schema here, and often by nothing there.
    @SuppressWarnings("unchecked") // of the resource's type, or read as it
    private static <T extends Struct> T convert(ApiResource<T> resource, Struct object) {
        return (T) (object.structType().equals(resource.type()) ? object : Json.read(resource.type(), Json.write(object)));
    }

    private static <R> R answered(Supplier<R> operation) {
        try {
            return operation.get();
        } catch (Refusal refusal) {
            throw exception(refusal);
        }
    }

    static ApiException exception(Refusal refusal) {
        return new ApiException(refusal.code(), refusal.reason(), refusal.message(), Statuses.of(refusal));
    }
}
