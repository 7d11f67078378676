package io.j8s.http;

import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A request to send.
///
/// @param uri `http` or `https`, with host; path and query as they shall be sent
/// @param headers without `host`, `content-length` and `connection`, which the client adds (a given `host` is kept)
/// @param timeout until the answer's header has come; null: as long as it takes
public record HttpRequest(String method, URI uri, Headers headers, Body body, @Nullable Duration timeout) {

    /// What a request carries.
    public sealed interface Body {
        /// Nothing.
        record None() implements Body {}

        /// Bytes, not copied: the array must not change until the answer has come.
        record Bytes(byte[] bytes) implements Body {}

        /// A stream that is read on a thread of its own while the answer may already come.
        ///
        /// @param length negative: not known
        record Stream(InputStream from, long length) implements Body {}
    }

    public static HttpRequest get(URI uri) {
        return new HttpRequest("GET", uri, Headers.EMPTY, new Body.None(), null);
    }

    public static HttpRequest of(String method, URI uri) {
        return new HttpRequest(method, uri, Headers.EMPTY, new Body.None(), null);
    }

    public HttpRequest with(Headers newHeaders) {
        return new HttpRequest(method, uri, newHeaders, body, timeout);
    }

    public HttpRequest withHeader(String name, String value) {
        return with(headers.with(name, value));
    }

    public HttpRequest withBody(byte[] bytes) {
        return new HttpRequest(method, uri, headers, new Body.Bytes(bytes), timeout);
    }

    public HttpRequest withBody(InputStream from, long length) {
        return new HttpRequest(method, uri, headers, new Body.Stream(from, length), timeout);
    }

    public HttpRequest within(Duration newTimeout) {
        return new HttpRequest(method, uri, headers, body, newTimeout);
    }

    /// Path and query.
    String target() {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    String authority() {
        String given = headers.get("host");
        return given != null ? given : uri.getRawAuthority() == null ? "localhost" : uri.getRawAuthority();
    }

    /// Whether sending it twice does no more than sending it once (RFC 9110 section 9.2.2), and the body can be sent again.
    boolean repeatable() {
        boolean idempotent = switch (method) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
        return idempotent && resendable();
    }

    boolean resendable() {
        return !(body instanceof Body.Stream);
    }
}
