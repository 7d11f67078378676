package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.encoding.TableWriter;
import io.j8s.apiserver.operation.ActionCall;
import io.j8s.apiserver.operation.BulkDeletion;
import io.j8s.apiserver.operation.Deletions;
import io.j8s.apiserver.operation.ListRequest;
import io.j8s.apiserver.operation.Listing;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.operation.Written;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.request.Query;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.Verb;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.resource.Virtual;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.apiserver.watch.ObjectWatch;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything at the paths of one resource in one version.
final class ResourceEndpoint<T extends Struct> {

    private final Parts parts;
    private final Resource<T> resource;
    private final Version<T, ?> version;
    private final List<MediaType> mediaTypes;
    private final SubresourceEndpoint<T> subresources;

    ResourceEndpoint(Parts parts, Resource<T> resource, Version<T, ?> version) {
        this.parts = parts;
        this.resource = resource;
        this.version = version;
        this.mediaTypes = parts.mediaTypes(Protobuf.supports(version.resource().type()));
        this.subresources = new SubresourceEndpoint<>(parts, resource, version, mediaTypes);
    }

    Resource<T> resource() {
        return resource;
    }

    Version<T, ?> version() {
        return version;
    }

    /// Whether clients are told not to use it any more.
    boolean deprecated() {
        return !resource.deprecation(version).isEmpty();
    }

    void handle(RequestContext request) throws Exception {
        RequestInfo info = request.info();
        boolean acrossNamespaces = !isItem(info) && request.exchange().method().equals("GET");
        if (resource.storedAsJson() && resource.namespaced() == info.namespace().isEmpty() && !(resource.namespaced() && acrossNamespaces)) {
            // As for any path below the groups of custom resources that nothing is served at.
            request.answer().text(404, "text/plain; charset=utf-8", "404 page not found\n");
            return;
        }
        checkScope(request);
        if (info.legacyWatch() && !info.subresource().isEmpty()) {
            throw Refusal.noSuchPath();
        }
        boolean served = version.own() != null || info.subresource().isEmpty() && Accepted.isKnown(request.exchange().headers().get("accept"), mediaTypes);
        if (!resource.deprecation(version).isEmpty() && served) {
            request.call().warn(resource.deprecation(version));
        }
        if (!info.subresource().isEmpty()) {
            subresources.handle(request);
            return;
        }
        if (info.legacyWatch()) {
            if (!request.exchange().method().equals("GET")) {
                throw Refusal.methodNotAllowed();
            }
            requireVerb(Set.of(Verb.WATCH), request);
            watch(request, target(info));
        } else if (isItem(info)) {
            item(request);
        } else {
            collection(request);
        }
    }

    /// Whether the path, and not a selector, names an object.
    private static boolean isItem(RequestInfo info) {
        return !info.name().isEmpty() && !info.verb().equals("list") && !info.verb().equals("watch");
    }

    /// Objects are where their resource's scope says, and nowhere else.
    private void checkScope(RequestContext request) {
        RequestInfo info = request.info();
        boolean isNamespaces = info.resource().equals("namespaces") && info.group().isEmpty();
        boolean nested = isNamespaces && info.segments().size() > 4 && info.segments().get(4).equals("namespaces");
        if (nested || (!resource.namespaced() && !info.namespace().isEmpty() && !isNamespaces)) {
            throw Refusal.noSuchPath();
        }
        if (resource.namespaced() && info.namespace().isEmpty()) {
            boolean overAll = resource.verbs().contains(Verb.LIST) && !isItem(info) && info.subresource().isEmpty();
            if (!overAll) {
                throw Refusal.noSuchPath();
            }
            if (!request.exchange().method().equals("GET")) {
                throw Refusal.methodNotAllowed();
            }
        }
    }

    private Target<T> target(RequestInfo info) {
        return new Target<>(resource, version, resource.namespaced() ? info.namespace() : "", info.name());
    }

    private void requireVerb(Set<Verb> any, RequestContext request) {
        if (any.stream().noneMatch(resource.verbs()::contains)) {
            throw Refusal.methodNotAllowed();
        }
    }

    private void item(RequestContext request) throws IOException {
        if (resource.storedAsJson() && request.exchange().method().equals("POST")) {
            create(request, target(request.info()).named("")); // as upstream: whatever path it comes by, the object says how it is called
            return;
        }
        Set<Verb> itemVerbs = Set.of(Verb.GET, Verb.UPDATE, Verb.PATCH, Verb.DELETE);
        if (itemVerbs.stream().noneMatch(resource.verbs()::contains)) {
            throw Refusal.noSuchPath();
        }
        Target<T> target = target(request.info());
        switch (request.exchange().method()) {
            case "GET" -> {
                requireVerb(Set.of(Verb.GET), request);
                get(request, target);
            }
            case "PUT" -> {
                requireVerb(Set.of(Verb.UPDATE), request);
                update(request, target);
            }
            case "PATCH" -> {
                requireVerb(Set.of(Verb.PATCH), request);
                new PatchRequest<>(parts, request, target, "", mediaTypes).handle();
            }
            case "DELETE" -> {
                requireVerb(Set.of(Verb.DELETE), request);
                delete(request, target);
            }
            default -> throw Refusal.methodNotAllowed();
        }
    }

    private void collection(RequestContext request) throws Exception {
        Target<T> target = target(request.info());
        switch (request.exchange().method()) {
            case "GET" -> {
                requireVerb(Set.of(Verb.LIST, Verb.WATCH), request);
                if (request.info().verb().equals("watch")) {
                    if (!resource.verbs().contains(Verb.WATCH)) {
                        if (resource.virtual() != null) {
                            request.call().warn(version.resource().apiVersion() + " " + version.resource().kind() + " is deprecated in v1.19+");
                        }
                        throw Refusal.methodNotAllowed().with(Refusal.Details.of(target.group(), target.plural(), ""));
                    }
                    watch(request, target);
                } else {
                    list(request, target);
                }
            }
            case "POST" -> {
                requireVerb(Set.of(Verb.CREATE), request);
                create(request, target);
            }
            case "DELETE" -> {
                requireVerb(Set.of(Verb.DELETECOLLECTION), request);
                deleteCollection(request, target);
            }
            case "PUT", "PATCH" -> throw resource.storedAsJson() ? Refusal.badRequest("name must be provided") : Refusal.methodNotAllowed();
            default -> throw Refusal.methodNotAllowed();
        }
    }

    // ---- reads

    private void get(RequestContext request, Target<T> target) throws IOException {
        Accepted accepted = request.accept(mediaTypes, Accepted.Offer.ANY);
        Virtual<T> virtual = resource.virtual();
        if (virtual != null && virtual.get() != null) {
            request.call().warn(version.resource().apiVersion() + " " + version.resource().kind() + " is deprecated in v1.19+");
            T object = virtual.get().of(target.name());
            if (object == null) {
                throw Refusal.notFound(target.group(), target.kind().toLowerCase(java.util.Locale.ROOT), target.name());
            }
            request.answer().object(200, object, accepted, request.call());
            return;
        }
        checkPath(target);
        Stored<T> stored = parts.reads().get(target, request.query().get("resourceVersion"));
        answer(request, 200, stored, accepted);
    }

    private void list(RequestContext request, Target<T> target) throws IOException {
        Accepted accepted = request.accept(mediaTypes, Accepted.Offer.STREAMED);
        ListRequest options = Options.list(request.query(), false);
        Virtual<T> virtual = resource.virtual();
        Listing<T> listing = virtual != null && virtual.list() != null ? VirtualLists.list(virtual.list(), parts, target, options) : parts.reads().list(target, options);
        if (virtual != null) {
            request.call().warn(version.resource().apiVersion() + " " + version.resource().kind() + " is deprecated in v1.19+");
        }
        new ListAnswer<>(parts.bytes(), request, target, listing, accepted).send(parts.timeline().now(), include(request.query(), accepted));
    }

    private void watch(RequestContext request, Target<T> target) throws IOException, InterruptedException {
        Accepted accepted = request.accept(mediaTypes, Accepted.Offer.STREAMED);
        if (accepted.type() == MediaType.YAML) {
            throw Refusal.notAcceptable(mediaTypes.stream().filter(type -> type != MediaType.YAML).map(MediaType::streamText).toList());
        }
        ListRequest options = Options.list(request.query(), true);
        TableWriter.Include include = include(request.query(), accepted);
        Duration length = options.timeoutSeconds() > 0
                ? Duration.ofSeconds(options.timeoutSeconds())
                : parts.shortestWatch().plusNanos((long) (parts.timeline().random().nextDouble() * parts.shortestWatch().toNanos()));
        try (ObjectWatch<T> watch = ObjectWatch.begin(parts.engine().tables(), parts.reads(), parts.timeline(), target, options, length);
                OpenWatches.Entry _ = parts.openWatches().enter(watch::close)) {
            new WatchAnswer<>(parts.bytes(), request, target, accepted, include, parts.timeline(), parts.watches().of(target.group(), version.resource().version(), target.plural(),
                    !target.name().isEmpty() ? "resource" : !target.namespace().isEmpty() ? "namespace" : "cluster")).stream(watch);
        }
    }

    static TableWriter.Include include(Query query, Accepted accepted) {
        if (accepted.shape() != Accepted.Shape.TABLE) {
            return TableWriter.Include.METADATA;
        }
        String value = query.get("includeObject");
        return switch (value) {
            case "", "Metadata" -> TableWriter.Include.METADATA;
            case "Object" -> TableWriter.Include.OBJECT;
            case "None" -> TableWriter.Include.NONE;
            default -> {
                FieldErrors errors = new FieldErrors();
                errors.invalid(FieldPath.of("includeObject"), value, "must be 'Metadata', 'Object', 'None', or empty");
                throw Refusal.badRequest("Unable to convert to Table as requested: " + errors.list().getFirst());
            }
        };
    }

    // ---- writes

    private void create(RequestContext request, Target<T> target) throws IOException {
        Accepted accepted = request.accept(mediaTypes, Accepted.Offer.ANY);
        MediaType media = Bodies.mediaType(request.exchange(), mediaTypes);
        byte[] body = Bodies.read(request.exchange());
        Options.Write write = Options.create(request.query());
        T sent = version.accept(Bodies.decode(body, media, version, write.fieldValidation(), request.call()));
        Virtual<T> virtual = resource.virtual();
        if (virtual != null && virtual.create() != null) {
            if (accepted.shape() == Accepted.Shape.TABLE) {
                throw Refusal.notAcceptable(mediaTypes.stream().map(MediaType::text).toList());
            }
            T managed = parts.writes().managed(target, request.call(), sent, write.policy());
            Struct answer = virtual.create().apply(new ActionCall(parts.engine(), parts.writes(), request.call(), target, write.policy().dryRun()), managed);
            request.answer().object(201, answer, accepted, request.call());
            return;
        }
        Stored<T> stored = parts.writes().create(target, request.call(), sent, write.policy());
        answer(request, 201, stored, accepted);
    }

    private void update(RequestContext request, Target<T> target) throws IOException {
        Accepted accepted = request.accept(mediaTypes, Accepted.Offer.ANY);
        byte[] body = Bodies.read(request.exchange());
        Options.Write write = Options.update(request.query());
        MediaType media = Bodies.mediaType(request.exchange(), mediaTypes);
        T sent = version.accept(Bodies.decode(body, media, version, write.fieldValidation(), request.call()));
        checkPath(target);
        checkName(target, sent);
        Written<T> written = parts.writes().put(target, request.call(), "", sent, request::authorizeCreate, write.policy());
        answer(request, written.created() ? 201 : 200, written.stored(), accepted);
    }

    /// A name that could lead out of its place in the store is refused, whatever is there.
    static void checkPath(Target<?> target) {
        List<String> reasons = io.j8s.model.selector.Names.pathSegment(target.name());
        if (!reasons.isEmpty()) {
            throw Refusal.badRequest("Name parameter invalid: \"" + target.name() + "\": " + String.join(";", reasons));
        }
    }

    /// A list was asked for where there is one object.
    static Refusal noList(ApiResource<?> resource) {
        return isCustom(resource)
                ? new Refusal(500, "", "content is not a list", Refusal.Details.NONE)
                : new Refusal(406, "NotAcceptable", "you requested PartialObjectMetadataList, but the requested object is not a list (" + internalType(resource) + ")", Refusal.Details.NONE);
    }

    /// One object was asked for where there is a list.
    static Refusal noObject(ApiResource<?> resource) {
        return new Refusal(406, "NotAcceptable", "you requested PartialObjectMetadata, but the requested object is a list ("
                + (isCustom(resource) ? "*unstructured.UnstructuredList" : internalType(resource) + "List") + ")", Refusal.Details.NONE);
    }

    private static boolean isCustom(ApiResource<?> resource) {
        return resource.type().preservesUnknown() || resource.type().empty() instanceof io.j8s.model.DynamicStruct;
    }

    /// What upstream calls the Go type that it works with.
    static String internalType(ApiResource<?> resource) {
        int dot = resource.group().indexOf('.');
        String first = dot < 0 ? resource.group() : resource.group().substring(0, dot);
        return "*" + (first.isEmpty() || first.equals("events") ? "core" : first) + "." + resource.kind();
    }

    /// The body must be the object that the path names.
    static void checkName(Target<?> target, Struct sent) {
        String name = Objects.metadata(sent).name();
        if (name.isEmpty()) {
            throw Refusal.badRequest("the name of the object (" + target.name() + " based on URL) was undeterminable: name must be provided");
        }
        if (!name.equals(target.name())) {
            throw Refusal.badRequest("the name of the object (" + name + ") does not match the name on the URL (" + target.name() + ")");
        }
        String namespace = Objects.metadata(sent).namespace();
        if (!target.namespace().isEmpty() && !namespace.isEmpty() && !namespace.equals(target.namespace())) {
            throw Refusal.badRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    private void delete(RequestContext request, Target<T> target) throws IOException {
        Accepted accepted = request.accept(mediaTypes, Accepted.Offer.ANY);
        byte[] body = Bodies.read(request.exchange());
        request.call().sent(body);
        Deletions.Policy policy = Options.deletion(request.query(), body, request.exchange().headers().get("content-type"), mediaTypes);
        checkPath(target);
        Deletions.Deleted<T> deleted = parts.writes().deletions().delete(target, request.call(), policy, true);
        int status = !deleted.removed() && Boolean.FALSE.equals(policy.orphanDependents()) ? 202 : 200;
        if (deleted.answer() instanceof io.j8s.model.meta.v1.Status success) {
            include(request.query(), accepted);
            request.answer().object(status, success, new Accepted(accepted.type(), accepted.pretty(), Accepted.Shape.WHOLE, "v1"), request.call());
        } else {
            answer(request, status, deleted.object(), accepted);
        }
    }

    private void deleteCollection(RequestContext request, Target<T> target) throws IOException {
        Accepted accepted = request.accept(mediaTypes, Accepted.Offer.ANY);
        ListRequest which = Options.list(request.query(), false);
        byte[] body = Bodies.read(request.exchange());
        request.call().sent(body);
        Deletions.Policy policy = Options.deletion(request.query(), body, request.exchange().headers().get("content-type"), mediaTypes);
        Listing<T> listing = parts.reads().list(target, which);
        new BulkDeletion(parts.writes().deletions(), parts.timeline()).delete(target, request.call(), policy, listing.items());
        new ListAnswer<>(parts.bytes(), request, target, listing, accepted).send(parts.timeline().now(), include(request.query(), accepted));
    }

    /// Answers with one stored object.
    private void answer(RequestContext request, int status, Stored<T> stored, Accepted accepted) throws IOException {
        answer(parts, request, resource, version, status, stored, accepted);
    }

    static <T extends Struct> void answer(
            Parts parts, RequestContext request, Resource<T> resource, Version<T, ?> version, int status, Stored<T> stored, Accepted accepted) throws IOException {
        switch (accepted.shape()) {
            case WHOLE -> {
                if (accepted.type() == MediaType.PROTOBUF) {
                    request.answer().bytes(status, accepted, parts.bytes().protobuf(version, stored), request.call());
                } else {
                    boolean reads = request.exchange().method().equals("GET");
                    request.answer().json(status, reads ? parts.bytes().json(version, stored) : parts.bytes().jsonOfWritten(version, stored), accepted, request.call());
                }
            }
            case METADATA_LIST -> throw noList(version.resource());
            case METADATA -> request.answer().object(status, TableWriter.metadata(version, resource, stored, accepted.shapeVersion()), accepted, request.call());
            case TABLE -> request.answer().object(status, TableWriter.table(
                    version, resource, List.of(stored), io.j8s.model.meta.v1.ListMeta.EMPTY.withResourceVersion(Objects.metadata(stored.object()).resourceVersion()),
                    accepted.shapeVersion(), include(request.query(), accepted), parts.timeline().now(), true), accepted, request.call());
        }
    }

    /// The declared subresource, or null.
    @Nullable Subresource<T> subresource(String name) {
        return resource.subresources(version).get(name);
    }
}
