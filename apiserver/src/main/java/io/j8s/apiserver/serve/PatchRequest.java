package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.operation.PatchKind;
import io.j8s.apiserver.operation.Patching;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.operation.Written;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Cbor;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.Struct;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One PATCH of an object, or of a part of it.
final class PatchRequest<T extends Struct> {

    private static final String APPLY_CBOR = "application/apply-patch+cbor";

    private final Parts parts;
    private final RequestContext request;
    private final Target<T> target;
    private final String subresource;
    private final List<MediaType> mediaTypes;

    PatchRequest(Parts parts, RequestContext request, Target<T> target, String subresource, List<MediaType> mediaTypes) {
        this.parts = parts;
        this.request = request;
        this.target = target;
        this.subresource = subresource;
        this.mediaTypes = mediaTypes;
    }

    void handle() throws IOException {
        PatchKind kind = kind(parts, request, target.version().resource().type().preservesUnknown() || target.resource().storedAsJson());
        Accepted accepted = request.accept(mediaTypes, Accepted.Offer.ANY);
        byte[] patch = body(request);
        request.call().sent(patch);
        ResourceEndpoint.checkPath(target);
        Options.Write write = Options.patch(request.query(), kind == PatchKind.APPLY);
        Patching<T> patching = new Patching<>(parts.engine(), parts.writes(), target, request.call(), subresource, kind, patch, write.fieldValidation());
        Written<T> written;
        try {
            written = patching.apply(request::authorizeCreate, write.policy());
        } catch (DecodeException e) {
            throw Refusal.badRequest("the patch makes no " + target.kind() + ": " + e.getMessage());
        }
        ResourceEndpoint.answer(parts, request, target.resource(), target.version(), written.created() ? 201 : 200, written.stored(), accepted);
    }

    /// The patch; one in CBOR as JSON.
    static byte[] body(RequestContext request) throws IOException {
        byte[] body = Bodies.read(request.exchange());
        if (!name(request).equals(APPLY_CBOR)) {
            return body;
        }
        try {
            return Json.writePlain(Cbor.readPlain(body));
        } catch (DecodeException e) {
            throw Refusal.badRequest("error decoding CBOR: " + e.getMessage());
        }
    }

    private static String name(RequestContext request) {
        String contentType = request.exchange().headers().getOr("content-type", "");
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
    }

    /// The kind by the content type; refused with 415 before anything else is looked at.
    static PatchKind kind(Parts parts, RequestContext request, boolean custom) {
        String name = name(request);
        @Nullable PatchKind kind = name.equals(APPLY_CBOR) && parts.gates().enabled(FeatureGates.CBOR) ? PatchKind.APPLY : PatchKind.of(name);
        if (kind == null || (custom && kind == PatchKind.STRATEGIC)) {
            throw custom
                    ? Refusal.unsupportedMediaType(PatchKind.names(false))
                    : new Refusal(415, "UnsupportedMediaType", "415: Unsupported Media Type", Refusal.Details.EMPTY);
        }
        return kind;
    }
}
