package io.j8s.apiserver.aggregation;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.discovery.ForeignDocuments;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.serve.Elsewhere;
import io.j8s.apiserver.streaming.Forwarding;
import io.j8s.http.ClientConfig;
import io.j8s.http.ClientTls;
import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.http.Pem;
import io.j8s.model.apiregistration.v1.APIServiceSpec;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One extension server, as an APIService describes it: its connections, and what is passed on to it. Another description makes another one.
final class Extension implements Elsewhere.Way, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Extension.class);
    private static final User AGGREGATOR = User.of("system:kube-aggregator", User.MASTERS);
    private static final Duration QUICKLY = Duration.ofSeconds(5);
    private static final long LARGEST_DOCUMENT_BYTES = 32L << 20;

    private final APIServiceSpec spec;
    private final Resolver resolver;
    private final Timeline timeline;
    private final boolean refusesRedirects;
    private final @Nullable HttpClient client;
    private final String fault;
    private volatile boolean available;

    Extension(APIServiceSpec spec, AggregationSettings settings, ClusterState state, EventLoops loops, Timeline timeline) {
        this.spec = spec;
        this.resolver = new Resolver(state, settings.byEndpoints(), timeline);
        this.timeline = timeline;
        this.refusesRedirects = settings.refusesRedirects();
        HttpClient made = null;
        String wrong = "";
        try {
            String serverName = spec.service().name() + "." + spec.service().namespace() + ".svc";
            ClientTls tls = spec.insecureSkipTLSVerify() ? ClientTls.INSECURE : ClientTls.trusting(authorities(spec));
            made = new HttpClient(loops, ClientConfig.of(tls.as(settings.identity()).withServerName(serverName)), timeline);
        } catch (IllegalArgumentException e) {
            wrong = "the caBundle cannot be used: " + e.getMessage();
        }
        this.client = made;
        this.fault = wrong;
    }

    private static List<X509Certificate> authorities(APIServiceSpec spec) {
        byte[] bundle = spec.caBundle().toArray();
        return bundle.length == 0 ? List.of() : Pem.certificates(new String(bundle, StandardCharsets.US_ASCII));
    }

    APIServiceSpec spec() {
        return spec;
    }

    Resolver resolver() {
        return resolver;
    }

    void available(boolean now) {
        available = now;
    }

    boolean available() {
        return available;
    }

    @Override
    public void pass(Exchange exchange, User user) throws IOException, InterruptedException {
        HttpClient ready = client;
        URI server = available ? resolver.find(spec.service()) : null;
        if (server == null) {
            plain(exchange, 503, "service unavailable");
        } else if (ready == null) {
            plain(exchange, 500, fault);
        } else {
            try {
                new Forwarding(ready, timeline, refusesRedirects).forward(exchange, server, user);
            } catch (IOException e) {
                if (exchange.closed()) {
                    throw e;
                }
                LOG.warn("{} {} cannot be passed on to {}: {}", exchange.method(), exchange.path(), server, e.toString());
                plain(exchange, 503, "error trying to reach service: " + e.getMessage());
            }
        }
    }

    private static void plain(Exchange exchange, int status, String text) throws IOException {
        exchange.answer(status, Headers.of("content-type", "text/plain; charset=utf-8", "x-content-type-options", "nosniff"), (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /// Asks it something as the aggregator itself.
    ///
    /// @param fields of the request beside those that say who asks
    ForeignDocuments.Answer ask(String path, Headers fields) throws IOException, InterruptedException {
        HttpClient ready = client;
        URI server = resolver.find(spec.service());
        if (ready == null) {
            throw new IOException(fault);
        }
        if (server == null) {
            throw new IOException("service \"" + spec.service().name() + "\" has no address");
        }
        HttpRequest[] request = {HttpRequest.get(URI.create(server + path)).with(Forwarding.identity(AGGREGATOR)).within(QUICKLY)};
        fields.forEach((name, value) -> request[0] = request[0].withHeader(name, value));
        try (HttpResponse response = ready.send(request[0])) {
            return new ForeignDocuments.Answer(response.status(), response.headers(), response.readAll(LARGEST_DOCUMENT_BYTES));
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
    }
}
