package io.j8s.apiserver.streaming;

import io.j8s.apiserver.resource.Subresource.Connection.Opened;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.BodyWriter;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/// One `proxy` request on its way to another server and back. Upgrades are passed through; links in pages and redirects are made to lead through the proxy again.
final class HttpPassage {

    private static final int LARGEST_PAGE_BYTES = 16 << 20;
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final HttpClient client;
    private final Timeline timeline;
    private final Exchange exchange;
    private final URI base;
    private final boolean rewriting;
    /// The request's path up to `/proxy`.
    private final String prefix;
    /// What follows it, as sent.
    private final String rest;

    /// @param base the other server, without a path
    /// @param rewriting whether links and redirects are changed
    HttpPassage(HttpClient client, Timeline timeline, Opened opened, URI base, boolean rewriting) {
        this.client = client;
        this.timeline = timeline;
        this.exchange = opened.exchange();
        this.base = base;
        this.rewriting = rewriting;
        int end = endOfPrefix(exchange.path());
        this.prefix = exchange.path().substring(0, end);
        this.rest = exchange.path().substring(end);
    }

    /// The end of the segment `proxy`, which is the seventh of `/api/v1/namespaces/NAMESPACE/KIND/NAME/proxy`, or the fifth without a namespace.
    private static int endOfPrefix(String path) {
        int segments = path.startsWith("namespaces/", path.indexOf('/', path.indexOf('/', 1) + 1) + 1) ? 7 : 5;
        int at = 0;
        for (int i = 0; i < segments; i++) {
            at = path.indexOf('/', at + 1);
            if (at < 0) {
                return path.length();
            }
        }
        return at;
    }

    void run() throws IOException, InterruptedException {
        String query = exchange.query().isEmpty() ? "" : "?" + exchange.query();
        URI target = URI.create(base + (rest.isEmpty() ? "/" : rest) + query);
        if (exchange.upgradable()) {
            new Passage(client, timeline).open(exchange, target);
            return;
        }
        if (rest.isEmpty() && (exchange.method().equals("GET") || exchange.method().equals("HEAD"))) {
            exchange.answer(301, Headers.of("location", exchange.path() + "/" + query), new byte[0]);
            return;
        }
        try (HttpResponse response = send(target)) {
            answer(target, response);
        }
    }

    private HttpResponse send(URI target) throws IOException, InterruptedException {
        Headers headers = Passing.onwards(exchange)
                .without("x-forwarded-uri").with("x-forwarded-uri", prefix + rest)
                .without("x-forwarded-host").with("x-forwarded-host", exchange.authority())
                .without("x-forwarded-proto").with("x-forwarded-proto", "https");
        HttpRequest request = withBody(exchange, HttpRequest.of(exchange.method(), target).with(rewriting ? headers.with("host", exchange.authority()) : headers));
        try {
            return client.send(request);
        } catch (IOException e) {
            throw Refusal.unavailable("error trying to reach service: " + e.getMessage());
        }
    }

    /// The request with the body of what came, as it comes.
    static HttpRequest withBody(Exchange exchange, HttpRequest request) throws IOException {
        String length = exchange.headers().get("content-length");
        if (length != null) {
            return length.equals("0") ? request.withBody(new byte[0]) : request.withBody(exchange.body(), Long.parseLong(length));
        }
        boolean body = exchange.headers().get("transfer-encoding") != null || (exchange.protocol().equals("HTTP/2") && WITH_BODY.contains(exchange.method()));
        return body ? request.withBody(exchange.body(), -1) : request;
    }

    private void answer(URI target, HttpResponse response) throws IOException {
        Headers headers = Passing.back(response.headers());
        Links links = new Links(prefix, target, exchange.authority());
        String location = headers.get("location");
        if (rewriting && location != null) {
            headers = headers.without("location").with("location", links.rewrite(location));
        }
        if (rewriting && isPage(headers) && !exchange.method().equals("HEAD")) {
            page(links, response, headers);
            return;
        }
        try (BodyWriter body = exchange.begin(response.status(), headers)) {
            Passing.copy(response.body(), body);
        }
    }

    private static boolean isPage(Headers headers) {
        String encoding = headers.getOr("content-encoding", "");
        String type = headers.getOr("content-type", "").split(";", 2)[0].strip();
        return type.equals("text/html") && (encoding.isEmpty() || encoding.equals("gzip"));
    }

    private void page(Links links, HttpResponse response, Headers headers) throws IOException {
        InputStream plain = headers.getOr("content-encoding", "").equals("gzip") ? new GZIPInputStream(response.body()) : response.body();
        byte[] bytes = plain.readNBytes(LARGEST_PAGE_BYTES + 1);
        if (bytes.length > LARGEST_PAGE_BYTES) {
            throw new Refusal(502, "", "the page at " + base + rest + " is larger than " + LARGEST_PAGE_BYTES + " bytes, and its links cannot be changed", Refusal.Details.NONE);
        }
        exchange.answer(response.status(), headers.without("content-encoding").without("content-length"), links.rewritePage(bytes));
    }
}
