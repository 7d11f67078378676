package io.j8s.node.server;

import io.j8s.http.EventLoops;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.http.HttpServer;
import io.j8s.http.ServerConfig;
import io.j8s.node.settings.ApiSettings;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// The agent's health on a port of its own (upstream: 10248), without any check of who asks: `/healthz`, in whole and for each check, with `?verbose`.
public final class HealthServer implements AutoCloseable {
    private static final Headers TEXT = Headers.of("content-type", "text/plain; charset=utf-8", "x-content-type-options", "nosniff");
    private static final String ROOT = "/healthz";
    private final Map<String, BooleanSupplier> checks = new LinkedHashMap<>();
    private final HttpServer server;

    /// @param live whether the agent works
    public HealthServer(EventLoops loops, Timeline timeline, ApiSettings.Address address, BooleanSupplier live) throws IOException {
        checks.put("ping", () -> true);
        checks.put("log", () -> true);
        checks.put("syncloop", live);
        server = HttpServer.start(loops, ServerConfig.plaintext(address.host(), address.port()), timeline, this::answer);
    }

    public int port() {
        return server.port();
    }

    private void answer(Exchange exchange) throws IOException {
        String path = exchange.path();
        if (!path.equals(ROOT) && !(path.startsWith(ROOT + "/") && checks.containsKey(path.substring(ROOT.length() + 1)))) {
            exchange.answer(404, TEXT, bytes("404 page not found\n"));
            return;
        }
        List<Map.Entry<String, BooleanSupplier>> asked = checks.entrySet().stream().filter(c -> path.equals(ROOT) || path.endsWith("/" + c.getKey())).toList();
        StringBuilder details = new StringBuilder();
        boolean all = true;
        for (Map.Entry<String, BooleanSupplier> check : asked) {
            boolean holds = check.getValue().getAsBoolean();
            all &= holds;
            details.append(holds ? "[+]" : "[-]").append(check.getKey()).append(holds ? " ok\n" : " failed: reason withheld\n");
        }
        boolean verbose = Query.parse(exchange.query()).values().containsKey("verbose");
        if (all) {
            exchange.answer(200, TEXT, bytes(verbose ? details + "healthz check passed\n" : "ok"));
        } else {
            exchange.answer(500, TEXT, bytes(details + "healthz check failed\n"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.close();
    }
}
