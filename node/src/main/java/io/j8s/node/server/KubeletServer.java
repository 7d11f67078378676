package io.j8s.node.server;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerTls;
import io.j8s.http.TlsIdentity;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodList;
import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.layout.NodeDirs;
import io.j8s.node.pods.PodWorkers;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the node's HTTPS API (upstream's kubelet on port 10250). Every request is authenticated and authorized by [Access]; each runs on a virtual thread of its own.
public final class KubeletServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubeletServer.class);
    private static final Headers TEXT = Headers.of("content-type", "text/plain; charset=utf-8");
    private static final Headers JSON = Headers.of("content-type", "application/json");
    private static final Headers METRICS = Headers.of("content-type", "text/plain; version=0.0.4; charset=utf-8");

    private final PodWorkers workers;
    private final Cri cri;
    private final Access access;
    private final Logs logs;
    private final Streaming streaming;
    private final Figures figures;
    private final HttpServer server;

    /// What the server works with.
    ///
    /// @param identity the serving certificate, asked for at each handshake
    /// @param authorities whose client certificates are believed
    public record Parts(String nodeName, Client client, Timeline timeline, EventLoops loops, Cri cri, PodWorkers workers, NodeDirs dirs, Figures figures, Supplier<TlsIdentity> identity, List<X509Certificate> authorities) {}

    public KubeletServer(Parts parts, String host, int port) throws IOException {
        workers = parts.workers();
        cri = parts.cri();
        access = new Access(parts.client(), parts.timeline(), parts.nodeName(), parts.authorities());
        logs = new Logs(workers, parts.dirs(), parts.timeline());
        streaming = new Streaming(cri, parts.timeline());
        figures = parts.figures();
        server = HttpServer.start(parts.loops(), ServerConfig.https(host, port, ServerTls.of(parts.identity())), parts.timeline(), this::handle);
    }

    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.shutdown(Duration.ofMillis(200));
    }

    private void handle(Exchange exchange) throws IOException, InterruptedException {
        try {
            List<String> path = Arrays.stream(exchange.path().split("/")).filter(p -> !p.isEmpty()).map(p -> URLDecoder.decode(p.replace("+", "%2B"), StandardCharsets.UTF_8)).toList();
            String first = path.isEmpty() ? "" : path.getFirst();
            access.check(exchange, first);
            route(exchange, first, path, Query.parse(exchange.query()));
        } catch (Refusal e) {
            refuse(exchange, e.status(), String.valueOf(e.getMessage()));
        } catch (CriException | ApiException e) {
            LOG.warn("{} {} failed: {}", exchange.method(), exchange.path(), e.getMessage());
            refuse(exchange, 500, String.valueOf(e.getMessage()));
        }
    }

    private static void refuse(Exchange exchange, int status, String message) throws IOException {
        exchange.answer(status, TEXT, (message + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void route(Exchange exchange, String first, List<String> path, Query query) throws Refusal, IOException, InterruptedException {
        switch (first) {
            case "healthz" -> exchange.answer(200, TEXT, "ok".getBytes(StandardCharsets.US_ASCII));
            case "pods", "runningpods" -> pods(exchange, first.equals("runningpods"));
            case "containerLogs" -> logs.serve(exchange, pod(path, 4), path.get(3), query);
            case "exec" -> streaming.exec(exchange, pod(path, 4), path.getLast(), query);
            case "attach" -> streaming.attach(exchange, pod(path, 4), path.getLast(), query);
            case "portForward" -> streaming.portForward(exchange, pod(path, 3), query);
            case "run" -> run(exchange, pod(path, 4), path.getLast(), query);
            case "stats" -> exchange.answer(200, JSON, figures.summary());
            case "metrics" -> exchange.answer(200, METRICS, figures.metrics(path.size() > 1 ? path.get(1) : "").getBytes(StandardCharsets.UTF_8));
            case "configz" -> exchange.answer(200, JSON, figures.configuration());
            default -> throw new Refusal(404, "404 page not found");
        }
    }

    /// The pod that a path of so many parts names: `KIND/NAMESPACE/NAME[/UID]…`.
    private Pod pod(List<String> path, int parts) throws Refusal {
        if (path.size() < parts || path.size() > parts + 1) {
            throw new Refusal(404, "404 page not found");
        }
        Pod pod = workers.pod(path.get(1), path.get(2));
        if (pod == null || (path.size() == parts + 1 && !pod.metadata().uid().equals(path.get(3)))) {
            throw new Refusal(404, "pod does not exist");
        }
        return pod;
    }

    private void pods(Exchange exchange, boolean runningOnly) throws IOException {
        List<Pod> pods = workers.pods().stream().filter(p -> !runningOnly || p.status().phase().equals("Running")).toList();
        exchange.answer(200, JSON, Json.write(PodList.EMPTY.withApiVersion("v1").withKind("PodList").withItems(pods)));
    }

    /// Runs a command without streams and answers its output.
    private void run(Exchange exchange, Pod pod, String container, Query query) throws Refusal, IOException {
        List<String> command = query.all("cmd").isEmpty() ? List.of() : List.of(query.get("cmd").split(" "));
        if (!exchange.method().equals("POST") || command.isEmpty()) {
            throw new Refusal(400, "POST with the parameter cmd is needed");
        }
        String id = Logs.status(pod, container).containerID().replaceFirst("^[a-z]+://", "");
        var result = cri.execSync(id, command, Duration.ofMinutes(1));
        exchange.answer(200, TEXT, result.getStdout().concat(result.getStderr()).toByteArray());
    }
}
