package io.j8s.apiserver.openapi;

import io.j8s.apiserver.discovery.ForeignDocuments;
import io.j8s.apiserver.serve.Paths;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.model.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// `/openapi/v2` and `/openapi/v3`.
public final class OpenApiPaths {

    private static final String PROTOBUF = "application/com.github.proto-openapi.spec.";
    private static final String LAST_MODIFIED = "Thu, 01 Jan 2026 00:00:00 GMT";
    private static final int COMPRESSED_FROM = 128 * 1024;

    private final OpenApi documents;

    public OpenApiPaths(OpenApi documents) {
        this.documents = documents;
    }

    public void register(Paths paths) {
        paths.add("/openapi/v2", this::whole);
        paths.add("/openapi/v3", this::index);
        paths.addBelow("/openapi/v3/", this::groupVersion);
    }

    private void index(Exchange exchange) throws IOException {
        if (exchange.path().endsWith("/")) {
            exchange.answer(404, Headers.EMPTY, new byte[0]);
            return;
        }
        exchange.answer(200, Headers.of("content-type", "text/plain; charset=utf-8", "last-modified", LAST_MODIFIED), Json.writePlain(documents.index()));
    }

    private void whole(Exchange exchange) throws IOException {
        if (exchange.path().endsWith("/")) {
            exchange.answer(404, Headers.of("content-type", "text/plain; charset=utf-8"), "404 page not found\n".getBytes(StandardCharsets.UTF_8));
        } else {
            document(exchange, "v2", documents::v2);
        }
    }

    private void groupVersion(Exchange exchange) throws IOException, InterruptedException {
        String place = exchange.path().substring("/openapi/v3/".length());
        ForeignDocuments.Source source = documents.v3Exists(place) ? null : documents.elsewhere(place);
        if (documents.v3Exists(place)) {
            document(exchange, "v3", form -> documents.v3(place, form));
        } else if (source != null) {
            passOn(exchange, source);
        } else {
            exchange.answer(404, Headers.EMPTY, new byte[0]);
        }
    }

    /// The document of another server, as it answers.
    private static void passOn(Exchange exchange, ForeignDocuments.Source source) throws IOException, InterruptedException {
        Headers fields = Headers.EMPTY;
        for (String name : List.of("accept", "if-none-match")) {
            String given = exchange.headers().get(name);
            fields = given == null ? fields : fields.with(name, given);
        }
        ForeignDocuments.Answer answer;
        try {
            answer = source.ask(exchange.path() + (exchange.query().isEmpty() ? "" : "?" + exchange.query()), fields);
        } catch (IOException e) {
            exchange.answer(503, Headers.of("content-type", "text/plain; charset=utf-8"), ("error trying to reach service: " + e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
            return;
        }
        Headers headers = Headers.EMPTY;
        for (String name : List.of("content-type", "etag", "vary", "last-modified", "cache-control", "expires", "location")) {
            String given = answer.headers().get(name);
            headers = given == null ? headers : headers.with(name, given);
        }
        exchange.answer(answer.status(), headers, answer.body());
    }

    @FunctionalInterface
    private interface Source {
        OpenApi.@Nullable Document in(OpenApi.Form form);
    }

    private static void document(Exchange exchange, String version, Source source) throws IOException {
        OpenApi.Form form = form(exchange.headers().getOr("accept", ""), version);
        if (form == null) {
            exchange.answer(406, Headers.of("vary", "Accept"), new byte[0]);
            return;
        }
        OpenApi.Document document = source.in(form);
        if (document == null) {
            throw Refusal.noSuchPath();
        }
        String tag = "\"" + document.fingerprint() + (form == OpenApi.Form.JSON ? "" : "-p") + "\"";
        Headers headers = Headers.of(
                "content-type", form == OpenApi.Form.JSON ? "application/json" : PROTOBUF + version + ".v1.0+protobuf",
                "etag", tag, "vary", "Accept", "last-modified", LAST_MODIFIED);
        String hash = exchange.query().startsWith("hash=") ? exchange.query().substring("hash=".length()) : "";
        if (version.equals("v3") && !hash.isEmpty() && !hash.equals(document.fingerprint())) { // who asks for what was is told what is
            exchange.answer(301, headers.with("location", exchange.path() + "?hash=" + document.fingerprint()), new byte[0]);
            return;
        }
        if (hash.equals(document.fingerprint())) {
            headers = headers.with("cache-control", "public, immutable").with("expires", "Fri, 01 Jan 2027 00:00:00 GMT");
        }
        if (tag.equals(exchange.headers().get("if-none-match"))) {
            exchange.answer(304, headers, new byte[0]);
        } else if (document.bytes().length > COMPRESSED_FROM && exchange.headers().getOr("accept-encoding", "").toLowerCase(Locale.ROOT).contains("gzip")) {
            exchange.answer(200, headers.with("content-encoding", "gzip").with("vary", "Accept, Accept-Encoding"), compressed(document.bytes()));
        } else {
            exchange.answer(200, headers, document.bytes());
        }
    }

    /// The form that the client takes; null when it takes none of ours.
    private static OpenApi.@Nullable Form form(String accept, String version) {
        if (accept.isBlank()) {
            return OpenApi.Form.JSON;
        }
        for (String clause : accept.split(",")) {
            String type = List.of(clause.split(";")).getFirst().strip();
            if (type.equals("application/json") || type.equals("*/*") || type.equals("application/*")) {
                return OpenApi.Form.JSON;
            }
            if (type.equals(PROTOBUF + version + "@v1.0+protobuf") || type.equals(PROTOBUF + version + ".v1.0+protobuf")) {
                return OpenApi.Form.PROTOBUF;
            }
        }
        return null;
    }

    private static byte[] compressed(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 8);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
