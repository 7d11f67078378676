package io.j8s.apiserver.streaming;

import io.j8s.apiserver.authentication.User;
import io.j8s.http.BodyWriter;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Passes a request on to another API server, on behalf of its user (`X-Remote-*`; reference: authenticating proxy).
public final class Forwarding {

    private static final String REDIRECTED = "the backend attempted to redirect this request, which is not permitted";

    private final HttpClient client;
    private final Timeline timeline;
    private final boolean refusesRedirects;

    /// @param refusesRedirects whether an answer that sends the client elsewhere becomes a 502
    public Forwarding(HttpClient client, Timeline timeline, boolean refusesRedirects) {
        this.refusesRedirects = refusesRedirects;
        this.client = client;
        this.timeline = timeline;
    }

    /// The fields that say who the user is.
    public static Headers identity(User user) {
        Headers headers = Headers.of("x-remote-user", user.name());
        if (!user.uid().isEmpty()) {
            headers = headers.with("x-remote-uid", user.uid());
        }
        for (String group : user.groups()) {
            headers = headers.with("x-remote-group", group);
        }
        for (Map.Entry<String, List<String>> extra : user.extra().entrySet()) {
            String name = "x-remote-extra-" + URLEncoder.encode(extra.getKey().toLowerCase(Locale.ROOT), StandardCharsets.UTF_8).replace("+", "%20");
            for (String value : extra.getValue()) {
                headers = headers.with(name, value);
            }
        }
        return headers;
    }

    /// Passes it to the same path at another server; bodies and upgraded connections go both ways as they come.
    ///
    /// @param server `https://host:port`
    /// @throws IOException when the server cannot be reached and nothing was answered yet
    public void forward(Exchange exchange, URI server, User user) throws IOException, InterruptedException {
        URI target = URI.create(server + exchange.path() + (exchange.query().isEmpty() ? "" : "?" + exchange.query()));
        Headers headers = Passing.onwards(exchange).withAll(identity(user));
        if (exchange.upgradable()) {
            new Passage(client, timeline).open(exchange, target, headers);
            return;
        }
        headers = headers.without("x-forwarded-uri").with("x-forwarded-uri", exchange.path())
                .without("x-forwarded-host").with("x-forwarded-host", exchange.authority())
                .without("x-forwarded-proto").with("x-forwarded-proto", "https");
        try (HttpResponse response = client.send(HttpPassage.withBody(exchange, HttpRequest.of(exchange.method(), target).with(headers)))) {
            if (refusesRedirects && response.status() / 100 == 3 && !response.headers().getOr("location", "").isEmpty()) {
                exchange.answer(502, Headers.EMPTY, REDIRECTED.getBytes(StandardCharsets.US_ASCII));
            } else {
                handBack(exchange, response);
            }
        }
    }

    private static void handBack(Exchange exchange, HttpResponse response) throws IOException {
        try (BodyWriter body = exchange.begin(response.status(), Passing.back(response.headers()))) {
            body.flush();
            Passing.copy(response.body(), body);
        }
    }
}
