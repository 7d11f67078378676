package io.j8s.apiserver.aggregation;

import io.j8s.apiserver.discovery.ForeignDocuments;
import io.j8s.http.Headers;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.apiregistration.v1.APIServiceSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Asks an extension server for its OpenAPI documents: the index of v3, whose documents are passed on when somebody asks for one, and the v2 document, again only when it has changed.
final class ForeignOpenApi {

    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private ForeignOpenApi() {}

    /// @param last what it said before; null for nothing yet
    static ForeignDocuments ask(Extension extension, @Nullable ForeignDocuments last) throws IOException, InterruptedException {
        APIServiceSpec spec = extension.spec();
        Headers accept = Headers.of("accept", "application/json");
        String tag = last == null ? "" : last.tag();
        ForeignDocuments.Answer whole = extension.ask("/openapi/v2", tag.isEmpty() ? accept : accept.with("if-none-match", tag));
        byte[] v2 = whole.status() == OK ? whole.body() : whole.status() == NOT_MODIFIED && last != null ? last.v2() : new byte[0];
        String told = whole.status() == NOT_MODIFIED ? tag : whole.headers().getOr("etag", "");
        return new ForeignDocuments(spec.group(), spec.version(), places(extension, accept), v2, told, extension::ask);
    }

    private static Map<String, Object> places(Extension extension, Headers accept) throws IOException, InterruptedException {
        ForeignDocuments.Answer index = extension.ask("/openapi/v3", accept);
        Map<String, Object> places = new HashMap<>();
        if (index.status() == OK) {
            try {
                if (Json.readPlain(index.body()) instanceof Map<?, ?> map && map.get("paths") instanceof Map<?, ?> paths) {
                    paths.forEach((place, item) -> places.put(String.valueOf(place), item));
                }
            } catch (DecodeException e) {
                throw new IOException("its index of OpenAPI documents cannot be read: " + e.getMessage(), e);
            }
        }
        return places;
    }
}
