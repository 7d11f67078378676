package io.j8s.cluster.command;

import io.j8s.cluster.server.ApiServerAlone;
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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import io.j8s.model.Json;
import picocli.CommandLine;

/// A `kube-apiserver` with these flags, in this process, and its administrator.
final class RunningApiServer implements AutoCloseable {
    private static final long LARGEST_ANSWER_BYTES = 16 << 20;
    private final ApiServerAlone server;
    private final EventLoops loops = EventLoops.forThisMachine();
    private final HttpClient http = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE), Timeline.system());

    private boolean ended;

    private RunningApiServer(ApiServerAlone server) {
        this.server = server;
    }

    /// @param directory for tokens, and for certificates that are made
    static RunningApiServer start(Path directory, String... flags) throws IOException {
        Path tokens = directory.resolve("tokens.csv");
        Files.writeString(tokens, "admintoken,admin,1,\"system:masters\"\n");
        List<String> all = new ArrayList<>(List.of("--bind-address=127.0.0.1", "--secure-port=0", "--cert-dir=" + directory.resolve("certificates"),
                "--token-auth-file=" + tokens));
        if (List.of(flags).stream().noneMatch(flag -> flag.startsWith("--authorization-"))) {
            all.add("--authorization-mode=RBAC");
        }
        all.addAll(List.of(flags));
        KubeApiServerOptions options = CommandLine.populateCommand(new KubeApiServerOptions(), all.toArray(String[]::new));
        return new RunningApiServer(ApiServerAlone.start(options.settings(), Timeline.system()));
    }

    String address() {
        return "https://127.0.0.1:" + server.port();
    }

    /// An answer.
    record Told(int status, String body) {
        /// The value at a path such as `metadata.name`.
        Object at(String path) {
            Object value = Json.readPlain(body.getBytes(StandardCharsets.UTF_8));
            for (String step : path.split("\\.", -1)) {
                value = value instanceof Map<?, ?> map ? map.get(step) : null;
            }
            return Objects.requireNonNullElse(value, "nothing");
        }
    }

    Told get(String path) throws IOException, InterruptedException {
        return send("GET", path, "", "");
    }

    Told post(String path, String json) throws IOException, InterruptedException {
        return send("POST", path, "application/json", json);
    }

    Told merge(String path, String json) throws IOException, InterruptedException {
        return send("PATCH", path, "application/merge-patch+json", json);
    }

    Told delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, "", "");
    }

    /// A request of whoever has this token; empty: of nobody.
    Told getAs(String token, String path) throws IOException, InterruptedException {
        return send(http, token.isEmpty() ? Headers.EMPTY : Headers.of("authorization", "Bearer " + token), "GET", path, "", "");
    }

    /// A request of whoever has this token, in the name of this user.
    Told getAs(String token, String user, String path) throws IOException, InterruptedException {
        return send(http, Headers.of("authorization", "Bearer " + token, "impersonate-user", user), "GET", path, "", "");
    }

    /// A request of the administrator that belongs to this trace (W3C Trace Context).
    Told getTraced(String traceparent, String path) throws IOException, InterruptedException {
        return send(http, Headers.of("authorization", "Bearer admintoken", "traceparent", traceparent), "GET", path, "", "");
    }

    /// A post of the administrator in the name of this user.
    Told postAs(String user, String path, String json) throws IOException, InterruptedException {
        return send(http, Headers.of("authorization", "Bearer admintoken", "impersonate-user", user), "POST", path, "application/json", json);
    }

    /// A request over a connection of its own, with a client certificate and these headers.
    Told getWith(TlsIdentity identity, Headers headers, String path) throws IOException, InterruptedException {
        try (HttpClient own = new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE.as(() -> identity)), Timeline.system())) {
            return send(own, headers, "GET", path, "", "");
        }
    }

    /// The groups in the aggregated form of discovery.
    String aggregatedDiscovery() throws IOException, InterruptedException {
        return send(http, Headers.of("authorization", "Bearer admintoken", "accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"), "GET", "/apis", "", "").body();
    }

    Told send(String method, String path, String contentType, String body) throws IOException, InterruptedException {
        return send(http, Headers.of("authorization", "Bearer admintoken"), method, path, contentType, body);
    }

    private Told send(HttpClient client, Headers headers, String method, String path, String contentType, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.of(method, URI.create(address() + path)).with(headers);
        if (!body.isEmpty()) {
            request = request.withHeader("content-type", contentType).withBody(body.getBytes(StandardCharsets.UTF_8));
        }
        try (HttpResponse response = client.send(request)) {
            return new Told(response.status(), new String(response.readAll(LARGEST_ANSWER_BYTES), StandardCharsets.UTF_8));
        }
    }

    /// A client of its own for the same server.
    HttpClient client() {
        return new HttpClient(loops, ClientConfig.of(ClientTls.INSECURE), Timeline.system());
    }

    /// Ends the server as SIGTERM does; blocks until it has ended.
    void end() {
        if (!ended) {
            ended = true;
            server.close();
        }
    }

    @Override
    public void close() {
        http.close();
        end();
        loops.close();
    }
}
