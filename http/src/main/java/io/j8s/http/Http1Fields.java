package io.j8s.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;

/// Header fields between HTTP/1.1 and [Headers].
final class Http1Fields {

    private static final int CHUNK_BYTES = 16 * 1024;

    private Http1Fields() {}

    static HttpServerCodec serverCodec(int headerBytes) {
        return new HttpServerCodec(decoderConfig(headerBytes));
    }

    static HttpDecoderConfig decoderConfig(int headerBytes) {
        return new HttpDecoderConfig().setMaxInitialLineLength(headerBytes).setMaxHeaderSize(headerBytes).setMaxChunkSize(CHUNK_BYTES);
    }

    /// Empty fields for an answer or request of ours: [Headers] has checked what will be added.
    static HttpHeaders headers() {
        return DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    }

    static ServerExchange.Request request(io.netty.handler.codec.http.HttpRequest request) {
        Headers headers = received(request.headers());
        String uri = request.uri();
        String authority = headers.getOr("host", "");
        if (!uri.startsWith("/") && uri.contains("://")) {
            int pathAt = uri.indexOf('/', uri.indexOf("://") + 3);
            authority = uri.substring(uri.indexOf("://") + 3, pathAt < 0 ? uri.length() : pathAt);
            uri = pathAt < 0 ? "/" : uri.substring(pathAt);
        }
        boolean expects = "100-continue".equalsIgnoreCase(headers.get("expect"));
        return new ServerExchange.Request(request.method().name(), uri, authority, headers, expects);
    }

    static Headers received(HttpHeaders fields) {
        String[] pairs = new String[2 * fields.size()];
        int filled = 0;
        for (Iterator<Map.Entry<String, String>> each = fields.iteratorAsString(); each.hasNext();) {
            Map.Entry<String, String> field = each.next();
            pairs[filled++] = field.getKey().toLowerCase(Locale.ROOT);
            pairs[filled++] = field.getValue();
        }
        return Headers.trusted(pairs);
    }

    static HttpHeaders response(Wire.Head head, String date, boolean keepAlive, boolean chunked, HttpVersion version) {
        HttpHeaders fields = headers();
        Headers given = head.headers();
        for (int i = 0; i < given.size(); i++) {
            if (!Http2Fields.ofConnection(given.name(i))) {
                fields.add(given.name(i), given.value(i));
            }
        }
        boolean bodiless = head.status() == 204 || head.status() == 304;
        if (head.contentLength() >= 0 && !bodiless && !fields.contains("content-length")) {
            fields.add("content-length", Long.toString(head.contentLength()));
        }
        if (chunked) {
            fields.add("transfer-encoding", "chunked");
        }
        if (!fields.contains("date")) {
            fields.add("date", date);
        }
        if (!keepAlive) {
            fields.add("connection", "close");
        } else if (!version.equals(HttpVersion.HTTP_1_1)) {
            fields.add("connection", "keep-alive");
        }
        return fields;
    }

    /// @param upgrading whether `connection: Upgrade` goes with it
    static HttpHeaders request(HttpRequest request, boolean upgrading) {
        HttpHeaders fields = headers();
        fields.add("host", request.authority());
        Headers given = request.headers();
        for (int i = 0; i < given.size(); i++) {
            String name = given.name(i);
            boolean ours = name.equals("host") || name.equals("content-length") || (Http2Fields.ofConnection(name) && !name.equals("upgrade"));
            if (!ours) {
                fields.add(name, given.value(i));
            }
        }
        if (upgrading) {
            fields.add("connection", "Upgrade");
        }
        switch (request.body()) {
            case HttpRequest.Body.None none -> {
                if (request.method().equals("POST") || request.method().equals("PUT") || request.method().equals("PATCH")) {
                    fields.add("content-length", "0");
                }
            }
            case HttpRequest.Body.Bytes bytes -> fields.add("content-length", Integer.toString(bytes.bytes().length));
            case HttpRequest.Body.Stream stream -> {
                if (stream.length() >= 0) {
                    fields.add("content-length", Long.toString(stream.length()));
                } else {
                    fields.add("transfer-encoding", "chunked");
                }
            }
        }
        return fields;
    }

    static HttpHeaders upgrade(Headers given) {
        HttpHeaders fields = headers();
        given.without("connection").forEach(fields::add);
        return fields.add("connection", "Upgrade");
    }
}
