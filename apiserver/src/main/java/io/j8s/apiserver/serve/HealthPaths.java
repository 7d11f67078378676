package io.j8s.apiserver.serve;

import io.j8s.apiserver.request.Query;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;

/// `/healthz`, `/livez` and `/readyz`, as a whole and check by check. Thread-safe.
public final class HealthPaths {

    private final Map<String, BooleanSupplier> live = new ConcurrentSkipListMap<>();
    private final Map<String, BooleanSupplier> ready = new ConcurrentSkipListMap<>();

    /// A check that says whether the server is alive, and so also whether it is ready.
    public void addLive(String name, BooleanSupplier check) {
        live.put(name, check);
        ready.put(name, check);
    }

    /// A check that says whether the server is ready.
    public void addReady(String name, BooleanSupplier check) {
        ready.put(name, check);
    }

    void register(Paths paths) {
        register(paths, "healthz", live);
        register(paths, "livez", live);
        register(paths, "readyz", ready);
    }

    private static void register(Paths paths, String name, Map<String, BooleanSupplier> checks) {
        paths.add("/" + name, exchange -> {
            if (exchange.path().endsWith("/")) {
                notFound(exchange);
            } else {
                whole(exchange, name, checks);
            }
        });
        paths.addBelow("/" + name + "/", exchange -> one(exchange, name, checks));
    }

    private static void whole(Exchange exchange, String name, Map<String, BooleanSupplier> checks) throws IOException {
        Query query = Query.parseText(exchange.query());
        List<String> excluded = query.all("exclude");
        StringBuilder text = new StringBuilder();
        boolean well = true;
        for (Map.Entry<String, BooleanSupplier> check : checks.entrySet()) {
            boolean skipped = excluded.contains(check.getKey());
            boolean passes = skipped || check.getValue().getAsBoolean();
            well &= passes;
            text.append(passes ? "[+]" : "[-]").append(check.getKey()).append(skipped ? " excluded: ok\n" : passes ? " ok\n" : " failed: reason withheld\n");
        }
        if (!well) {
            answer(exchange, 500, text + name + " check failed\n");
        } else {
            answer(exchange, 200, query.has("verbose") ? text + name + " check passed\n" : "ok");
        }
    }

    private static void one(Exchange exchange, String name, Map<String, BooleanSupplier> checks) throws IOException {
        BooleanSupplier check = checks.get(exchange.path().substring(name.length() + 2));
        if (check == null) {
            notFound(exchange);
        } else if (check.getAsBoolean()) {
            answer(exchange, 200, "ok");
        } else {
            answer(exchange, 500, "internal server error: reason withheld\n");
        }
    }

    private static void notFound(Exchange exchange) throws IOException {
        answer(exchange, 404, "404 page not found\n");
    }

    private static void answer(Exchange exchange, int status, String text) throws IOException {
        exchange.answer(
                status, Headers.of("content-type", "text/plain; charset=utf-8", "x-content-type-options", "nosniff"), text.getBytes(StandardCharsets.UTF_8));
    }
}
