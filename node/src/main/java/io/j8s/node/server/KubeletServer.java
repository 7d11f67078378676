package io.j8s.node.server;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerTls;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodList;
import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.layout.NodeDirs;
import io.j8s.node.pods.PodWorkers;
import io.j8s.node.settings.ApiSettings;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the node's HTTPS API (upstream's kubelet on port 10250). Every request is authenticated and authorized by [Access]; each runs on a virtual thread of its own.
public final class KubeletServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubeletServer.class);
    private static final Set<String> DEBUGGING = Set.of("run", "exec", "attach", "portForward", "containerLogs", "runningpods", "logs");
    private static final Set<String> READ_ONLY = Set.of("healthz", "pods", "stats", "metrics");
    private static final Headers TEXT = Headers.of("content-type", "text/plain; charset=utf-8");
    private static final Headers JSON = Headers.of("content-type", "application/json");
    private static final Headers METRICS = Headers.of("content-type", "text/plain; version=0.0.4; charset=utf-8");

    private final PodWorkers workers;
    private final Cri cri;
    private final Access access;
    private final Logs logs;
    private final Streaming streaming;
    private final Figures figures;
    private final ApiSettings settings;
    private final SystemLogs systemLogs = new SystemLogs(Path.of("/var/log"));
    private final @Nullable HttpServer server;
    private final @Nullable HttpServer readOnly;

    /// What the server works with.
    public record Parts(String nodeName, Client client, Timeline timeline, EventLoops loops, Cri cri, PodWorkers workers, NodeDirs dirs, Figures figures) {}

    private KubeletServer(Parts parts, ApiSettings settings) throws IOException {
        this.settings = settings;
        workers = parts.workers();
        cri = parts.cri();
        access = new Access(parts.client(), parts.timeline(), parts.nodeName(), settings.access());
        logs = new Logs(workers, parts.dirs(), parts.timeline());
        streaming = new Streaming(cri, parts.timeline());
        figures = parts.figures();
        ApiSettings.Serving serving = settings.serving();
        server = serving == null ? null : HttpServer.start(parts.loops(), ServerConfig.https(serving.address(), serving.port(),
                new ServerTls(name -> serving.identity().get(), true, serving.protocols(), serving.cipherSuites())), parts.timeline(), this::handle);
        String address = serving == null ? "0.0.0.0" : serving.address();
        readOnly = settings.readOnlyPort() == 0 ? null
                : HttpServer.start(parts.loops(), ServerConfig.plaintext(address, settings.readOnlyPort()), parts.timeline(), this::handleReadOnly);
    }

    /// Serves what the settings ask for.
    public static KubeletServer start(Parts parts, ApiSettings settings) throws IOException {
        return new KubeletServer(parts, settings);
    }

    /// The port of the HTTPS API; 0 without one.
    public int port() {
        return server == null ? 0 : server.port();
    }

    @Override
    public void close() {
        for (HttpServer each : Stream.of(Optional.ofNullable(server), Optional.ofNullable(readOnly)).flatMap(Optional::stream).toList()) {
            each.shutdown(Duration.ofMillis(200));
        }
    }

    private void handle(Exchange exchange) throws IOException, InterruptedException {
        List<String> path = path(exchange);
        String first = path.isEmpty() ? "" : path.getFirst();
        answer(exchange, () -> {
            access.check(exchange, first);
            if (!settings.debugging() && DEBUGGING.contains(first)) {
                throw new Refusal(405, "Debug endpoints are disabled.");
            }
            route(exchange, first, path, Query.parse(exchange.query()));
        });
    }

    private void handleReadOnly(Exchange exchange) throws IOException, InterruptedException {
        List<String> path = path(exchange);
        answer(exchange, () -> {
            if (path.isEmpty() || !READ_ONLY.contains(path.getFirst())) {
                throw new Refusal(404, "404 page not found");
            }
            route(exchange, path.getFirst(), path, Query.parse(exchange.query()));
        });
    }

    private interface Answering {
        void run() throws Refusal, IOException, InterruptedException;
    }

    private static void answer(Exchange exchange, Answering answering) throws IOException, InterruptedException {
        try {
            answering.run();
        } catch (Refusal e) {
            refuse(exchange, e.status(), String.valueOf(e.getMessage()));
        } catch (CriException | ApiException e) {
            LOG.warn("{} {} failed: {}", exchange.method(), exchange.path(), e.getMessage());
            refuse(exchange, 500, String.valueOf(e.getMessage()));
        }
    }

    private static List<String> path(Exchange exchange) {
        return Arrays.stream(exchange.path().split("/")).filter(p -> !p.isEmpty()).map(p -> URLDecoder.decode(p.replace("+", "%2B"), StandardCharsets.UTF_8)).toList();
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
            case "stats" -> exchange.answer(200, JSON, figures.summary(Query.parse(exchange.query()).flag("only_cpu_and_memory")));
            case "metrics" -> exchange.answer(200, METRICS, figures.metrics(path.size() > 1 ? path.get(1) : "").getBytes(StandardCharsets.UTF_8));
            case "logs" -> {
                if (!settings.systemLogs()) {
                    throw new Refusal(405, "logs endpoint is disabled.");
                }
                systemLogs.serve(exchange, path.subList(1, path.size()));
            }
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
