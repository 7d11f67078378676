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

    private final HttpClient client;
    private final Timeline timeline;

    public Forwarding(HttpClient client, Timeline timeline) {
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
        try (HttpResponse response = client.send(HttpPassage.withBody(exchange, HttpRequest.of(exchange.method(), target).with(headers)));
                BodyWriter body = exchange.begin(response.status(), Passing.back(response.headers()))) {
            body.flush();
            Passing.copy(response.body(), body);
        }
    }
}
