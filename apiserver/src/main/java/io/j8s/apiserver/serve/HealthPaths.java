package io.j8s.apiserver.serve;

import io.j8s.apiserver.metrics.HealthMetrics;
import io.j8s.apiserver.request.Query;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/healthz`, `/livez` and `/readyz`, as a whole and check by check. Thread-safe.
public final class HealthPaths {

    private static final Logger LOG = LoggerFactory.getLogger(HealthPaths.class);

    /// Upstream's order; what it does not have comes behind the store's checks.
    private static final List<String> ORDER = List.of("ping", "log", "loopback-serving-certificate", "etcd", "etcd-readiness", "", "informer-sync",
            "poststarthook/start-apiserver-admission-initializer", "poststarthook/generic-apiserver-start-informers", "poststarthook/priority-and-fairness-config-consumer",
            "poststarthook/priority-and-fairness-filter", "poststarthook/storage-object-count-tracker-hook", "poststarthook/start-apiextensions-informers",
            "poststarthook/start-apiextensions-controllers", "poststarthook/crd-informer-synced", "poststarthook/start-system-namespaces-controller",
            "poststarthook/peer-endpoint-reconciler-controller", "poststarthook/start-cluster-authentication-info-controller",
            "poststarthook/start-kube-apiserver-identity-lease-controller", "poststarthook/start-kube-apiserver-identity-lease-garbage-collector",
            "poststarthook/storage-readiness", "poststarthook/start-legacy-token-tracking-controller", "poststarthook/start-service-ip-repair-controllers",
            "poststarthook/rbac/bootstrap-roles", "poststarthook/scheduling/bootstrap-system-priority-classes", "poststarthook/priority-and-fairness-config-producer",
            "poststarthook/bootstrap-controller", "poststarthook/start-kubernetes-service-cidr-controller", "poststarthook/start-kube-aggregator-informers",
            "poststarthook/apiservice-status-local-available-controller", "poststarthook/apiservice-status-remote-available-controller",
            "poststarthook/apiservice-registration-controller", "poststarthook/apiservice-discovery-controller", "poststarthook/kube-apiserver-autoregistration",
            "autoregister-completion", "poststarthook/apiservice-openapi-controller", "poststarthook/apiservice-openapiv3-controller", "shutdown");
    private static final Comparator<String> IN_ORDER = Comparator.comparingInt(HealthPaths::place).thenComparing(Comparator.naturalOrder());

    private final Map<String, Check> live = new ConcurrentSkipListMap<>(IN_ORDER);
    private final Map<String, Check> ready = new ConcurrentSkipListMap<>(IN_ORDER);

    private static int place(String name) {
        int place = ORDER.indexOf(name);
        return place < 0 ? ORDER.indexOf("") : place;
    }

    private final HealthMetrics metrics;

    HealthPaths(HealthMetrics metrics) {
        this.metrics = metrics;
    }

    /// One thing that must be well.
    @FunctionalInterface
    public interface Check {
        /// Null when all is well, else what is wrong. Told only to who asks for this check alone; others are told that there is a reason.
        @Nullable String problem();

        static Check of(BooleanSupplier well) {
            return () -> well.getAsBoolean() ? null : "reason withheld";
        }
    }

    /// A check that says whether the server is alive, and so also whether it is ready.
    public void addLive(String name, Check check) {
        live.put(name, check);
        ready.put(name, check);
    }

    public void addLive(String name, BooleanSupplier check) {
        addLive(name, Check.of(check));
    }

    /// A check of life that readiness does not look at.
    void addOnlyLive(String name, BooleanSupplier check) {
        live.put(name, Check.of(check));
    }

    /// A check that says whether the server is ready.
    public void addReady(String name, Check check) {
        ready.put(name, check);
    }

    public void addReady(String name, BooleanSupplier check) {
        addReady(name, Check.of(check));
    }

    /// Whether every check of readiness passes.
    public boolean ready() {
        return ready.values().stream().allMatch(check -> check.problem() == null);
    }

    /// The paths of single checks.
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        live.keySet().forEach(name -> names.addAll(List.of("/healthz/" + name, "/livez/" + name)));
        ready.keySet().forEach(name -> names.add("/readyz/" + name));
        return names;
    }

    void register(Paths paths) {
        register(paths, "healthz", live);
        register(paths, "livez", live);
        register(paths, "readyz", ready);
    }

    private void register(Paths paths, String name, Map<String, Check> checks) {
        paths.add("/" + name, exchange -> {
            if (exchange.path().endsWith("/")) {
                notFound(exchange);
            } else {
                whole(exchange, name, checks);
            }
        });
        paths.addBelow("/" + name + "/", exchange -> one(exchange, name, checks));
    }

    private void whole(Exchange exchange, String name, Map<String, Check> checks) throws IOException {
        Query query = Query.parseText(exchange.query());
        TreeSet<String> excluded = new TreeSet<>(query.all("exclude"));
        StringBuilder text = new StringBuilder();
        List<String> failed = new java.util.ArrayList<>();
        for (Map.Entry<String, Check> check : checks.entrySet()) {
            String checkName = check.getKey();
            if (excluded.remove(checkName)) {
                text.append("[+]").append(checkName).append(" excluded: ok\n");
                continue;
            }
            String problem = check.getValue().problem();
            metrics.checked(checkName, name, problem == null);
            if (problem == null) {
                text.append("[+]").append(checkName).append(" ok\n");
            } else {
                failed.add(checkName + " (" + problem + ")");
                text.append("[-]").append(checkName).append(" failed: reason withheld\n");
            }
        }
        if (!excluded.isEmpty()) {
            text.append("warn: some health checks cannot be excluded: no matches for ")
                    .append(String.join(",", excluded.stream().map(one -> "\"" + one + "\"").toList())).append('\n');
        }
        if (!failed.isEmpty()) {
            LOG.info("{} check failed: {}", name, String.join(", ", failed));
            answer(exchange, 500, text + name + " check failed\n");
        } else {
            answer(exchange, 200, query.has("verbose") ? text + name + " check passed\n" : "ok");
        }
    }

    private static void one(Exchange exchange, String name, Map<String, Check> checks) throws IOException {
        Check check = checks.get(exchange.path().substring(name.length() + 2));
        if (check == null) {
            notFound(exchange);
            return;
        }
        String problem = check.problem();
        if (problem == null) {
            exchange.answer(200, Headers.of("content-type", "text/plain; charset=utf-8"), "ok".getBytes(StandardCharsets.UTF_8));
        } else {
            answer(exchange, 500, "internal server error: " + problem + "\n");
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
