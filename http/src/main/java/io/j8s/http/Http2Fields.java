package io.j8s.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Header fields between HTTP/2 and [Headers].
final class Http2Fields {

    private Http2Fields() {}

    static ServerExchange.Request request(int stream, Http2Headers fields) throws Http2Exception {
        String[] pairs = new String[2 * fields.size()];
        int filled = 0;
        String host = "";
        boolean expects = false;
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            String name = field.getKey().toString();
            if (name.startsWith(":")) {
                continue;
            }
            String value = field.getValue().toString();
            if (name.equals("host")) {
                host = value;
            } else if (name.equals("expect")) {
                expects = value.equalsIgnoreCase("100-continue");
            }
            pairs[filled++] = name;
            pairs[filled++] = value;
        }
        CharSequence authority = fields.authority();
        Headers headers = Headers.trusted(filled == pairs.length ? pairs : Arrays.copyOf(pairs, filled));
        return new ServerExchange.Request(
                required(stream, ":method", fields.method()), required(stream, ":path", fields.path()), authority == null ? host : authority.toString(), headers, expects);
    }

    static Http2Headers request(HttpRequest request) {
        Headers headers = request.headers();
        DefaultHttp2Headers fields = new DefaultHttp2Headers(false, headers.size() + 5);
        String scheme = request.uri().getScheme();
        fields.method(request.method()).scheme(scheme == null ? "https" : scheme).authority(request.authority()).path(request.target());
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!ofConnection(name) && !name.equals("host") && !name.equals("content-length")) {
                fields.add(name, headers.value(i));
            }
        }
        switch (request.body()) {
            case HttpRequest.Body.None none -> { }
            case HttpRequest.Body.Bytes bytes -> fields.add("content-length", Integer.toString(bytes.bytes().length));
            case HttpRequest.Body.Stream stream -> {
                if (stream.length() >= 0) {
                    fields.add("content-length", Long.toString(stream.length()));
                }
            }
        }
        return fields;
    }

    static int status(Http2Headers fields) {
        CharSequence status = fields.status();
        return status == null ? 0 : HttpResponseStatus.parseLine(status).code();
    }

    static Headers received(Http2Headers fields) {
        String[] pairs = new String[2 * fields.size()];
        int filled = 0;
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            String name = field.getKey().toString();
            if (!name.startsWith(":")) {
                pairs[filled++] = name;
                pairs[filled++] = field.getValue().toString();
            }
        }
        return Headers.trusted(Arrays.copyOf(pairs, filled));
    }

    private static String required(int stream, String name, @Nullable CharSequence value) throws Http2Exception {
        if (value == null || value.isEmpty()) {
            throw Http2Exception.streamError(stream, Http2Error.PROTOCOL_ERROR, "the request has no %s", name);
        }
        return value.toString();
    }

    static Http2Headers response(Wire.Head head, String date) {
        Headers headers = head.headers();
        DefaultHttp2Headers fields = new DefaultHttp2Headers(false, headers.size() + 3);
        fields.status(HttpResponseStatus.valueOf(head.status()).codeAsText());
        boolean hasLength = head.contentLength() < 0 || head.status() == 204 || head.status() == 304;
        boolean hasDate = false;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!ofConnection(name)) {
                fields.add(name, headers.value(i));
            }
            hasLength |= name.equals("content-length");
            hasDate |= name.equals("date");
        }
        if (!hasLength) {
            fields.add("content-length", Long.toString(head.contentLength()));
        }
        if (!hasDate) {
            fields.add("date", date);
        }
        return fields;
    }

    /// Fields that speak of an HTTP/1.1 connection and must not appear here (RFC 9113 section 8.2.2).
    static boolean ofConnection(String name) {
        return switch (name) {
            case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade" -> true;
            default -> false;
        };
    }

    /// The `content-length`, or -1 when there is none (a codec has checked that it is a number).
    static long contentLength(Headers headers) {
        String value = headers.get("content-length");
        if (value == null) {
            return -1;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
