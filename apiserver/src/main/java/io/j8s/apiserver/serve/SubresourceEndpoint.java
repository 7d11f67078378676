package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.operation.ActionCall;
import io.j8s.apiserver.operation.Call;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.operation.Written;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.request.RequestInfo;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.Verb;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.Status;
import java.io.IOException;
import java.util.List;

/// What stands behind a further segment of an object's path.
final class SubresourceEndpoint<T extends Struct> {

    private final Parts parts;
    private final Resource<T> resource;
    private final Version<T, ?> version;
    private final List<MediaType> mediaTypes;

    SubresourceEndpoint(Parts parts, Resource<T> resource, Version<T, ?> version, List<MediaType> mediaTypes) {
        this.parts = parts;
        this.resource = resource;
        this.version = version;
        this.mediaTypes = mediaTypes;
    }

    void handle(RequestContext request) throws Exception {
        RequestInfo info = request.info();
        Subresource<T> subresource = resource.subresources(version).get(info.subresource());
        if (subresource == null || (!info.rest().isEmpty() && !info.rest().equals("/") && !(subresource instanceof Subresource.Connection<T>))) {
            throw resource.storedAsJson() && subresource == null
                    ? Refusal.notFound(info.group(), info.resource(), info.name()) : Refusal.noSuchPath();
        }
        if (!allows(subresource, request)) {
            throw Refusal.methodNotAllowed();
        }
        String name = subresource instanceof Subresource.Connection<T> connection ? connection.objectName().apply(info.name()) : info.name();
        Target<T> target = new Target<>(resource, version, resource.namespaced() ? info.namespace() : "", name);
        switch (subresource) {
            case Subresource.Part<T> part -> part(request, target, part);
            case Subresource.View<T, ?> view -> new ViewRequest<>(parts, request, target, view).handle();
            case Subresource.Action<T, ?> action -> action(request, target, action);
            case Subresource.Connection<T> connection -> connect(request, target, connection);
        }
    }

    /// HEAD and OPTIONS are passed on where every other method is.
    private static boolean allows(Subresource<?> subresource, RequestContext request) {
        String method = request.exchange().method();
        return (method.equals("HEAD") || method.equals("OPTIONS"))
                ? subresource instanceof Subresource.Connection<?> && subresource.verbs().contains(Verb.DELETE)
                : subresource.verbs().contains(verb(request));
    }

    private static Verb verb(RequestContext request) {
        return switch (request.exchange().method()) {
            case "GET" -> Verb.GET;
            case "POST" -> Verb.CREATE;
            case "PUT" -> Verb.UPDATE;
            case "PATCH" -> Verb.PATCH;
            case "DELETE" -> Verb.DELETE;
            default -> throw Refusal.methodNotAllowed();
        };
    }

    private void part(RequestContext request, Target<T> target, Subresource.Part<T> part) throws IOException {
        switch (verb(request)) {
            case GET -> {
                Accepted accepted = request.accept(mediaTypes, Accepted.Offer.ANY);
                ResourceEndpoint.checkPath(target);
                Stored<T> stored = parts.reads().get(target, request.query().get("resourceVersion"));
                ResourceEndpoint.answer(parts, request, resource, version, 200, stored, accepted);
            }
            case PATCH -> new PatchRequest<>(parts, request, target, part.name(), mediaTypes).handle();
            case UPDATE -> put(request, target, part);
            case CREATE, DELETE, DELETECOLLECTION, LIST, WATCH -> throw Refusal.methodNotAllowed();
        }
    }

    private void put(RequestContext request, Target<T> target, Subresource.Part<T> part) throws IOException {
        Accepted accepted = request.accept(mediaTypes, Accepted.Offer.ANY);
        byte[] body = Bodies.read(request.exchange());
        Options.Write write = Options.update(request.query());
        MediaType media = Bodies.mediaType(request.exchange(), mediaTypes);
        T sent = version.accept(Bodies.decode(body, media, version, write.fieldValidation(), request.call()));
        ResourceEndpoint.checkPath(target);
        ResourceEndpoint.checkName(target, sent);
        Written<T> written = parts.writes().put(target, request.call(), part.name(), sent, request::authorizeCreate, write.policy());
        ResourceEndpoint.answer(parts, request, resource, version, 200, written.stored(), accepted);
    }

    private <B extends Struct> void action(RequestContext request, Target<T> target, Subresource.Action<T, B> action) throws IOException {
        Accepted accepted = request.accept(mediaTypes, Accepted.Offer.WHOLE_ONLY);
        MediaType media = Bodies.mediaType(request.exchange(), mediaTypes);
        byte[] bytes = Bodies.read(request.exchange());
        Options.Write write = Options.create(request.query());
        Call call = request.call();
        String said = media == MediaType.JSON ? apiVersion(bytes) : "";
        String given = action.olderVersions().contains(said) ? said.substring(action.group().length() + 1) : action.version();
        Struct body = Bodies.decode(bytes, media, action.body(), action.group(), given, action.kind(), write.fieldValidation(), call);
        ActionCall context = new ActionCall(parts.engine(), parts.writes(), call, target, write.policy().dryRun());
        Struct answer = context.perform(action, body, write.policy().manager());
        int status = answer instanceof Status outcome && outcome.code() > 0 ? outcome.code() : 201;
        request.answer().object(status, answer, accepted, call);
    }

    /// What the body says of itself; empty when it is no object that does.
    private static String apiVersion(byte[] json) {
        try {
            return Json.typeMeta(json).apiVersion();
        } catch (DecodeException e) {
            return ""; // decoding it will say why
        }
    }

    private void connect(RequestContext request, Target<T> target, Subresource.Connection<T> connection) throws Exception {
        ResourceEndpoint.checkPath(target);
        Stored<T> stored = parts.reads().get(target, "");
        ActionCall context = new ActionCall(parts.engine(), parts.writes(), request.call(), target, false);
        context.admitConnection(connection.name(), stored.object());
        connection.connect().handle(stored.object(), new Subresource.Connection.Opened(request.info().name(), request.info().rest(), request.call().user(), request.exchange()));
    }
}
