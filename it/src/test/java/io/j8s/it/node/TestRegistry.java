package io.j8s.it.node;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A registry of one image under any name (OCI distribution specification, pull only), as a program of its own so that it can run in a test host. Repositories below `basic/` want
/// a user and password, those below `bearer/` a token that is had with them.
public final class TestRegistry {
    static final String USER = "reader";
    static final String PASSWORD = "s3cret";
    private static final String TOKEN = "token-of-reader";
    private static final Pattern PATH = Pattern.compile("/v2/(.+)/(manifests|blobs)/([^/]+)");
    private final Path blobs;
    private final String manifest;
    private final int port;

    private TestRegistry(Path layout, int port) throws IOException {
        this.blobs = layout.resolve("blobs/sha256");
        this.port = port;
        Matcher digest = Pattern.compile("\"digest\":\"sha256:([0-9a-f]+)\"").matcher(Files.readString(layout.resolve("index.json")));
        if (!digest.find()) {
            throw new IOException(layout + " is no OCI layout");
        }
        this.manifest = digest.group(1);
    }

    /// `PORT FOLDER`: serves an unpacked OCI layout until the process ends; says `ready` when it does.
    public static void main(String[] arguments) throws IOException {
        int port = Integer.parseInt(arguments[0]);
        TestRegistry registry = new TestRegistry(Path.of(arguments[1]), port);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", registry::handle);
        server.start();
        System.out.println("ready");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            URI uri = exchange.getRequestURI();
            String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            String basic = "Basic " + Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
            Matcher path = PATH.matcher(uri.getPath());
            if (uri.getPath().equals("/token")) {
                answer(exchange, given.equals(basic) ? 200 : 401, "application/json", ("{\"token\": \"" + TOKEN + "\"}").getBytes(StandardCharsets.UTF_8));
            } else if (!path.matches()) {
                answer(exchange, uri.getPath().equals("/v2/") ? 200 : 404, "application/json", new byte[0]);
            } else if (path.group(1).startsWith("basic/") && !given.equals(basic)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"registry\"");
                answer(exchange, 401, "application/json", new byte[0]);
            } else if (path.group(1).startsWith("bearer/") && !given.equals("Bearer " + TOKEN)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"http://127.0.0.1:" + port + "/token\",service=\"registry\",scope=\"repository:" + path.group(1) + ":pull\"");
                answer(exchange, 401, "application/json", new byte[0]);
            } else {
                blob(exchange, path.group(2).equals("manifests"), path.group(3));
            }
        }
    }

    private void blob(HttpExchange exchange, boolean isManifest, String reference) throws IOException {
        String digest = reference.startsWith("sha256:") ? reference.substring("sha256:".length()) : manifest;
        Path file = blobs.resolve(digest);
        if (!digest.matches("[0-9a-f]{64}") || !Files.exists(file) || reference.equals("absent")) {
            answer(exchange, 404, "application/json", new byte[0]);
            return;
        }
        exchange.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + digest);
        answer(exchange, 200, isManifest ? "application/vnd.oci.image.manifest.v1+json" : "application/octet-stream", Files.readAllBytes(file));
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
