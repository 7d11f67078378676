package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.encoding.TableWriter;
import io.j8s.apiserver.operation.PatchKind;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.operation.ViewWrites;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.DecodeException;
import io.j8s.model.Struct;
import java.io.IOException;

/// GET, PUT and PATCH of an object seen as another kind (`scale`).
final class ViewRequest<T extends Struct, V extends Struct> {

    private final Parts parts;
    private final RequestContext request;
    private final Target<T> target;
    private final Subresource.View<T, V> view;

    ViewRequest(Parts parts, RequestContext request, Target<T> target, Subresource.View<T, V> view) {
        this.parts = parts;
        this.request = request;
        this.target = target;
        this.view = view;
    }

    void handle() throws IOException {
        switch (request.exchange().method()) {
            case "GET" -> get();
            case "PUT" -> put();
            default -> patch();
        }
    }

    private void get() throws IOException {
        Accepted accepted = request.accept(parts.mediaTypes(true), Accepted.Offer.ANY);
        Stored<T> stored = parts.reads().get(target, request.query().get("resourceVersion"));
        answer(view.read().apply(stored.object()), accepted);
    }

    private void put() throws IOException {
        Accepted accepted = request.accept(parts.mediaTypes(true), Accepted.Offer.ANY);
        byte[] body = Bodies.read(request.exchange());
        Options.Write write = Options.update(request.query());
        MediaType media = Bodies.mediaType(request.exchange(), parts.mediaTypes(true));
        Struct sent = Bodies.decode(body, media, view.type(), view.group(), view.version(), view.kind(), write.fieldValidation(), request.call());
        ResourceEndpoint.checkName(target, sent);
        answer(new ViewWrites<>(parts.engine(), parts.writes(), target, request.call(), view).put(sent, write.policy()), accepted);
    }

    private void patch() throws IOException {
        PatchKind kind = PatchRequest.kind(parts, request, target.resource().storedAsJson());
        Accepted accepted = request.accept(parts.mediaTypes(true), Accepted.Offer.ANY);
        byte[] patch = PatchRequest.body(request);
        request.call().sent(patch);
        Options.Write write = Options.patch(request.query(), kind == PatchKind.APPLY);
        try {
            answer(new ViewWrites<>(parts.engine(), parts.writes(), target, request.call(), view).patch(kind, patch, write.fieldValidation(), write.policy()), accepted);
        } catch (DecodeException e) {
            throw Refusal.badRequest("the patch makes no " + view.kind() + ": " + e.getMessage());
        }
    }

    private void answer(Struct value, Accepted accepted) throws IOException {
        Struct shown = switch (accepted.shape()) {
            case WHOLE -> value;
            case METADATA -> TableWriter.metadata(value, accepted.shapeVersion());
            case TABLE -> TableWriter.table(view.columns(), cast(value), accepted.shapeVersion(), ResourceEndpoint.include(request.query(), accepted), parts.timeline().now());
            case METADATA_LIST -> throw new Refusal(
                    406, "NotAcceptable", "you requested PartialObjectMetadataList, but the requested object is not a list (*" + view.group() + "." + view.kind() + ")", Refusal.Details.NONE);
        };
        request.answer().object(200, shown, accepted, request.call());
    }

    @SuppressWarnings("unchecked") // what the view answers is a value of its type
    private V cast(Struct value) {
        return (V) value;
    }
}
