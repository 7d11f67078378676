package io.j8s.client.https;

import io.j8s.client.ApiException;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.http.TlsIdentity;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests to one API server with its credentials: the part below types. Usable by itself for paths that are no resources (`/version`, `/metrics`, logs, proxies).
///
/// A request that is refused with `Retry-After` (429, or 5xx) is sent again after that time, at most [#ATTEMPTS] times, as upstream's client does; after a 401 once, when the credentials
/// have something newer. Safe for many threads.
public final class ApiConnection implements AutoCloseable {

    private static final int ATTEMPTS = 10;
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    private final ApiEndpoint endpoint;
    private final Timeline timeline;
    private final HttpClient http;
    private final Headers common;
    private final Traffic traffic;
    private final Traffic.Limit limit;

    public ApiConnection(ApiEndpoint endpoint, EventLoops loops, Timeline timeline) {
        this(endpoint, loops, timeline, Traffic.FREE);
    }

    /// @param traffic measures and limits the requests
    public ApiConnection(ApiEndpoint endpoint, EventLoops loops, Timeline timeline, Traffic traffic) {
        this.traffic = traffic;
        this.limit = traffic.limit(timeline);
        this.endpoint = endpoint;
        this.timeline = timeline;
        this.common = commonHeaders(endpoint);
        ClientTls tls = endpoint.tls();
        this.http = new HttpClient(loops, ClientConfig.of(tls.as(() -> identity(endpoint))), timeline);
    }

    private static @Nullable TlsIdentity identity(ApiEndpoint endpoint) {
        TlsIdentity own = endpoint.credentials().identity();
        return own != null ? own : endpoint.tls().identity().get();
    }

    private static Headers commonHeaders(ApiEndpoint endpoint) {
        List<String> fields = new ArrayList<>(List.of("user-agent", endpoint.userAgent()));
        ApiEndpoint.Impersonation other = endpoint.impersonate();
        if (!other.user().isEmpty()) {
            fields.addAll(List.of("impersonate-user", other.user()));
        }
        if (!other.uid().isEmpty()) {
            fields.addAll(List.of("impersonate-uid", other.uid()));
        }
        other.groups().forEach(group -> fields.addAll(List.of("impersonate-group", group)));
        other.extra().forEach((key, values) -> values.forEach(value -> fields.addAll(List.of("impersonate-extra-" + key, value))));
        return Headers.of(fields.toArray(String[]::new));
    }

    public ApiEndpoint endpoint() {
        return endpoint;
    }

    /// The HTTP client, for upgrades and WebSockets; use [#headers] with it.
    public HttpClient http() {
        return http;
    }

    /// The headers that say who asks.
    public Headers headers() throws IOException {
        String authorization = endpoint.credentials().authorization();
        return authorization == null ? common : common.with("authorization", authorization);
    }

    /// The address of a path below the server's, with its query.
    public URI uri(String pathAndQuery) {
        String base = endpoint.server().toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + pathAndQuery);
    }

    /// Sends a request and answers the successful (2xx) response, to be read and closed.
    ///
    /// @param more headers beside those of the connection
    /// @param body null: none
    /// @throws ApiException when the server refuses for good, or cannot be reached
    public HttpResponse send(String method, URI uri, Headers more, byte @Nullable [] body) {
        String what = method + " " + uri;
        boolean secondChance = true;
        for (int attempt = 1;; attempt++) {
            HttpResponse response = once(method, uri, more, body, what);
            if (response.status() >= 200 && response.status() < 300) {
                return response;
            }
            ApiException refusal = refusal(response, what);
            Duration pause = retryAfter(response);
            if (response.status() == 401 && secondChance && endpoint.credentials().refused()) {
                secondChance = false;
            } else if (pause != null && attempt < ATTEMPTS) {
                traffic.retried(uri, method, response.status());
                pause(pause, what);
            } else {
                throw refusal;
            }
        }
    }

    private HttpResponse once(String method, URI uri, Headers more, byte @Nullable [] body, String what) {
        String code = "<error>";
        long begun = timeline.nanoTime();
        try {
            traffic.waited(uri, method, limit.take());
            begun = timeline.nanoTime();
            Headers headers = headers();
            for (String[] field : fields(more)) {
                headers = headers.with(field[0], field[1]);
            }
            HttpRequest request = HttpRequest.of(method, uri).with(headers).within(endpoint.timeout());
            HttpResponse response = http.send(body == null ? request : request.withBody(body));
            code = Integer.toString(response.status());
            return response;
        } catch (InterruptedIOException e) {
            throw Failures.timeout(what, e);
        } catch (IOException e) {
            throw Failures.unreachable(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.unreachable(what, new IOException("interrupted", e));
        } finally {
            traffic.answered(uri, method, code, Duration.ofNanos(timeline.nanoTime() - begun), body == null ? 0 : body.length);
        }
    }

    /// All of an answer, which is counted.
    byte[] read(String method, URI uri, HttpResponse response, long limitBytes) throws IOException {
        byte[] bytes = response.readAll(limitBytes);
        traffic.received(uri, method, bytes.length);
        return bytes;
    }

    private static List<String[]> fields(Headers headers) {
        List<String[]> fields = new ArrayList<>(headers.size());
        headers.forEach((name, value) -> fields.add(new String[] {name, value}));
        return fields;
    }

    private static ApiException refusal(HttpResponse response, String what) {
        try (response) {
            return Failures.of(response, response.readAll(16 * 1024 * 1024), what);
        } catch (IOException e) {
            return Failures.of(response, new byte[0], what);
        }
    }

    /// How long to wait before the next try; null when there is none to be made.
    private static @Nullable Duration retryAfter(HttpResponse response) {
        String seconds = response.headers().get("retry-after");
        if (seconds == null || !(response.status() == 429 || response.status() >= 500)) {
            return null;
        }
        try {
            Duration asked = Duration.ofSeconds(Long.parseLong(seconds.strip()));
            return asked.isNegative() ? Duration.ZERO : asked.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : asked;
        } catch (NumberFormatException e) {
            return null; // a date: nobody in Kubernetes sends one
        }
    }

    private void pause(Duration span, String what) {
        try {
            timeline.sleep(span);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.unreachable(what, new IOException("interrupted while waiting to try again", e));
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
