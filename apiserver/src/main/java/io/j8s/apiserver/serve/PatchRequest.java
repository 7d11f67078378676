package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.Accepted;
import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.operation.PatchKind;
import io.j8s.apiserver.operation.Patching;
import io.j8s.apiserver.operation.Target;
import io.j8s.apiserver.operation.Written;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Struct;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One PATCH of an object, or of a part of it.
final class PatchRequest<T extends Struct> {

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
        PatchKind kind = kind(request, target.version().resource().type().preservesUnknown() || target.resource().storedAsJson());
        Accepted accepted = request.accept(mediaTypes, Accepted.Offer.OF_OBJECT);
        byte[] patch = Bodies.read(request.exchange());
        request.call().sent(patch);
        Options.Write write = Options.patch(request.query(), kind == PatchKind.APPLY);
        Patching<T> patching = new Patching<>(parts.engine(), parts.writes(), target, request.call(), subresource, kind, patch, write.fieldValidation());
        Written<T> written = patching.apply(request::authorizeCreate, write.policy());
        ResourceEndpoint.answer(parts, request, target.resource(), target.version(), written.created() ? 201 : 200, written.stored(), accepted);
    }

    /// The kind by the content type; refused with 415 before anything else is looked at.
    static PatchKind kind(RequestContext request, boolean custom) {
        String contentType = request.exchange().headers().getOr("content-type", "");
        int semicolon = contentType.indexOf(';');
        String name = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).strip();
        @Nullable PatchKind kind = PatchKind.of(name);
        if (kind == null || (custom && kind == PatchKind.STRATEGIC)) {
            List<String> accepted = PatchKind.names(!custom);
            Refusal refusal = Refusal.unsupportedMediaType(accepted);
            throw custom ? refusal : refusal.with(Refusal.Details.EMPTY);
        }
        return kind;
    }
}
