package io.j8s.cluster.command;

import io.j8s.cluster.pki.CertificateOrder;
import io.j8s.cluster.pki.Credential;
import io.j8s.cluster.pki.PkiFolder;
import io.j8s.http.EventLoops;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.http.ServerTls;
import io.j8s.model.Json;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/// Another server that the API server asks, over HTTPS: an issuer of tokens, or a webhook. It keeps what it was asked.
final class Peer implements AutoCloseable {
    private final EventLoops loops = EventLoops.forThisMachine();
    private final HttpServer server;
    private final Path directory;
    final List<Object> asked = new CopyOnWriteArrayList<>();

    /// @param answers by path and body (plain JSON; empty for none), in plain JSON; null: 404
    Peer(Path directory, BiFunction<String, Map<?, ?>, Map<?, ?>> answers) throws IOException {
        this.directory = directory;
        PkiFolder pki = PkiFolder.open(directory.resolve("peer-pki"));
        Credential authority = pki.authority("ca", "peer-ca", Timeline.system().now());
        Credential leaf = pki.leaf("peer", authority, CertificateOrder.server("peer", Set.of("127.0.0.1", "localhost")), Timeline.system().now());
        server = HttpServer.start(loops, ServerConfig.https("127.0.0.1", 0, ServerTls.of(leaf::identity)), Timeline.system(), exchange -> {
            byte[] body = exchange.body().readAllBytes();
            Map<?, ?> sent = body.length == 0 ? Map.of() : (Map<?, ?>) Json.readPlain(body);
            asked.add(sent);
            Map<?, ?> answer = answers.apply(exchange.path(), sent);
            exchange.answer(answer == null ? 404 : 200, Headers.of("content-type", "application/json"), answer == null ? new byte[0] : Json.writePlain(answer));
        });
    }

    String address() {
        return "https://127.0.0.1:" + server.port();
    }

    Path authority() {
        return directory.resolve("peer-pki").resolve("ca.crt");
    }

    /// A kubeconfig that leads here.
    Path kubeconfig() throws IOException {
        Path file = directory.resolve("peer.kubeconfig");
        Files.writeString(file, """
                apiVersion: v1
                kind: Config
                current-context: c
                clusters: [{name: c, cluster: {server: "%s/review", certificate-authority: "%s"}}]
                users: [{name: u, user: {token: secret}}]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                """.formatted(address(), authority()));
        return file;
    }

    @Override
    public void close() {
        server.shutdown(Duration.ZERO);
        loops.close();
    }
}
