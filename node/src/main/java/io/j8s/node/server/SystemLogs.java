package io.j8s.node.server;

import io.j8s.http.BodyWriter;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The host's log files, for `kubectl get --raw /api/v1/nodes/NODE/proxy/logs/`: directories as pages of links, files as they are. Nothing outside of the directory is shown.
final class SystemLogs {
    private static final Headers PAGE = Headers.of("content-type", "text/html; charset=utf-8");
    private static final Headers FILE = Headers.of("content-type", "text/plain; charset=utf-8");
    private final Path root;

    SystemLogs(Path root) {
        this.root = root;
    }

    /// @param path below the root
    void serve(Exchange exchange, List<String> path) throws Refusal, IOException {
        Path wanted = root.resolve(String.join("/", path)).normalize();
        if (!wanted.startsWith(root) || !Files.exists(wanted) || !wanted.toRealPath().startsWith(root.toRealPath())) {
            throw new Refusal(404, "404 page not found");
        }
        if (Files.isDirectory(wanted)) {
            exchange.answer(200, PAGE, page(wanted).getBytes(StandardCharsets.UTF_8));
            return;
        }
        try (InputStream in = Files.newInputStream(wanted); BodyWriter body = exchange.begin(200, FILE)) {
            byte[] buffer = new byte[64 * 1024];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                body.write(java.util.Arrays.copyOf(buffer, count));
            }
        }
    }

    private static String page(Path directory) throws IOException {
        StringBuilder page = new StringBuilder("<!doctype html>\n<meta name=\"viewport\" content=\"width=device-width\">\n<pre>\n");
        try (Stream<Path> files = Files.list(directory)) {
            files.sorted().forEach(file -> {
                String name = escaped(file.getFileName() + (Files.isDirectory(file) ? "/" : ""));
                page.append("<a href=\"").append(name).append("\">").append(name).append("</a>\n");
            });
        }
        return page.append("</pre>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&#34;");
    }
}
