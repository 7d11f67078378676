package io.j8s.cluster.server;

import io.j8s.cluster.host.Failure;
import io.j8s.http.ClientConfig;
import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpClient;
import io.j8s.http.HttpRequest;
import io.j8s.http.HttpResponse;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.runtime.Timeline;
import io.j8s.store.LocalStore;
import io.j8s.store.Store;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Stands where a test suite expects its etcd: is healthy, and tells the kube-apiserver beside it which folder is its to keep objects in.
///
/// A suite starts and stops the pair as it would the real one; what the folder holds outlives either. Nothing else of etcd is there.
public final class EtcdStandIn implements AutoCloseable {

    private static final String FOLDER_PATH = "/j8s/data-dir";
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final long LARGEST_ANSWER_BYTES = 64 * 1024;

    private final EventLoops loops = EventLoops.forThisMachine();
    private final List<HttpServer> servers = new ArrayList<>();
    private final Path directory;

    private EtcdStandIn(Path directory) {
        this.directory = directory;
    }

    /// @param urls where to listen: `http://host:port`
    public static EtcdStandIn start(Path directory, List<String> urls, Timeline timeline) throws IOException {
        Path folder = directory.toAbsolutePath();
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        EtcdStandIn standIn = new EtcdStandIn(folder);
        try {
            for (String url : urls) {
                URI uri = URI.create(url);
                if (!"http".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 0) {
                    throw new IllegalArgumentException("--listen-client-urls: \"" + url + "\" must be of the form http://host:port");
                }
                standIn.servers.add(HttpServer.start(standIn.loops, ServerConfig.plaintext(uri.getHost(), uri.getPort()), timeline, standIn::answer));
            }
            return standIn;
        } catch (IOException | RuntimeException e) {
            standIn.close();
            throw e;
        }
    }

    private void answer(Exchange exchange) throws IOException {
        switch (exchange.path()) {
            case "/health", "/readyz", "/livez" -> answer(exchange, 200, "application/json", "{\"health\":\"true\",\"reason\":\"\"}");
            case "/version" -> answer(exchange, 200, "application/json", "{\"etcdserver\":\"3.6.0\",\"etcdcluster\":\"3.6.0\"}");
            case FOLDER_PATH -> answer(exchange, 200, "text/plain; charset=utf-8", directory.toString());
            default -> answer(exchange, 404, "text/plain; charset=utf-8", "404 page not found\nThis stands in for etcd beside bin/envtest/kube-apiserver; it has no API of its own.\n");
        }
    }

    private static void answer(Exchange exchange, int status, String type, String text) throws IOException {
        exchange.answer(status, Headers.of("content-type", type), text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        servers.forEach(server -> server.shutdown(Duration.ZERO));
        loops.close();
    }

    /// Where `--etcd-servers` may name a stand-in: then objects are kept in its folder, else in the etcd that it is.
    record Beside(StorageSettings.Etcd etcd) implements StorageSettings {
        @Override
        public Store open(Timeline timeline, UnaryOperator<Store> sealed) {
            String first = etcd.options().endpoints().getFirst();
            try (EventLoops loops = EventLoops.forThisMachine(); HttpClient client = new HttpClient(loops, ClientConfig.DEFAULT.overHttp1(), timeline)) {
                URI at = URI.create((first.contains("://") ? first : "http://" + first) + FOLDER_PATH);
                try (HttpResponse response = client.send(HttpRequest.get(at).within(ANSWER))) {
                    if (response.status() == 200) {
                        String folder = new String(response.readAll(LARGEST_ANSWER_BYTES), StandardCharsets.UTF_8);
                        return sealed.apply(LocalStore.open(Path.of(folder).resolve("j8s"), timeline));
                    }
                }
            } catch (IOException e) {
                // no stand-in: a real etcd, with or without TLS, or none yet
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Failure(Failure.Kind.CONTROL_PLANE, "the start was interrupted while it asked " + first, "start it again", e);
            }
            return etcd.open(timeline, sealed);
        }
    }

    /// What `--etcd-servers` says, with a stand-in being allowed there.
    public static StorageSettings beside(StorageSettings.Etcd etcd) {
        return new Beside(etcd);
    }
}
