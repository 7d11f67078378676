package io.j8s.controllers.podautoscaler;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.ListOptions;
import io.j8s.model.ApiResource;
import io.j8s.model.Objects;
import io.j8s.model.Quantity;
import io.j8s.model.Struct;
import io.j8s.model.Unstructured;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads figures from the three metrics APIs (`metrics.k8s.io`, `custom.metrics.k8s.io`, `external.metrics.k8s.io`). All amounts are thousandths.
final class MetricsApi {
    private static final ApiResource<Struct> POD_METRICS = resource("metrics.k8s.io", "v1beta1", "pods", "PodMetrics");
    private static final String CUSTOM = "custom.metrics.k8s.io";
    private static final String EXTERNAL = "external.metrics.k8s.io";
    private static final List<String> CUSTOM_VERSIONS = List.of("v1beta2", "v1beta1");
    private static final Duration DEFAULT_WINDOW = Duration.ofMinutes(1);

    private final Client client;

    /// What one pod was seen to use.
    ///
    /// @param window the time over which it was measured, up to `at`
    record Figure(long value, Instant at, Duration window) {}

    /// There are no figures; the message says why.
    static final class NoFiguresException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoFiguresException(String message) {
            super(message, null, false, false);
        }
    }

    MetricsApi(Client client) {
        this.client = client;
    }

    private static ApiResource<Struct> resource(String group, String version, String plural, String kind) {
        return new ApiResource<>(group, version, plural, kind, true, Unstructured.TYPE, Unstructured.TYPE);
    }

    /// What each pod uses of a resource, in all containers or in one (`container` not empty); pods without a figure are left out.
    Map<String, Figure> ofPods(String namespace, String selector, String resource, String container) {
        List<Struct> items;
        try {
            items = client.list(POD_METRICS, namespace, ListOptions.labels(selector)).items();
        } catch (ApiException e) {
            throw new NoFiguresException("unable to fetch metrics from resource metrics API: " + words(e, "pods.metrics.k8s.io"));
        }
        if (items.isEmpty()) {
            throw new NoFiguresException("no metrics returned from resource metrics API");
        }
        Map<String, Figure> figures = new HashMap<>();
        for (Struct item : items) {
            Long value = usage(item.unknown().get("containers"), resource, container);
            if (value != null) {
                figures.put(Objects.metadata(item).name(), new Figure(value, time(item.unknown().get("timestamp")), window(item.unknown().get("window"))));
            }
        }
        return figures;
    }

    private static @Nullable Long usage(@Nullable Object containers, String resource, String container) {
        if (!(containers instanceof List<?> list) || list.isEmpty()) {
            return null;
        }
        long sum = 0;
        boolean found = false;
        for (Object each : list) {
            if (each instanceof Map<?, ?> fields && (container.isEmpty() || container.equals(fields.get("name")))) {
                Object amount = fields.get("usage") instanceof Map<?, ?> usage ? usage.get(resource) : null;
                if (amount == null) {
                    return null;
                }
                found = true;
                sum += Quantity.parse(String.valueOf(amount)).milliValue();
            }
        }
        return found ? sum : null;
    }

    /// A metric of each pod.
    Map<String, Figure> custom(String namespace, String metric, String podSelector, String metricSelector) {
        Map<String, Figure> figures = new HashMap<>();
        for (Map<?, ?> item : customItems(namespace, "pods", "*", metric, podSelector, metricSelector)) {
            if (item.get("describedObject") instanceof Map<?, ?> object && object.get("name") instanceof String name) {
                Duration window = item.get("windowSeconds") instanceof Number seconds ? Duration.ofSeconds(seconds.longValue()) : DEFAULT_WINDOW;
                figures.put(name, new Figure(value(item), time(item.get("timestamp")), window));
            }
        }
        if (figures.isEmpty()) {
            throw new NoFiguresException("no metrics returned from custom metrics API");
        }
        return figures;
    }

    /// A metric of one object.
    ///
    /// @param resource `services`, `ingresses.networking.k8s.io`, …; `namespaces` for the namespace itself
    long ofObject(String namespace, String resource, String name, String metric, String metricSelector) {
        List<Map<?, ?>> items = resource.equals("namespaces")
                ? customItems(name, "metrics", metric, "", "", metricSelector)
                : customItems(namespace, resource, name, metric, "", metricSelector);
        if (items.isEmpty()) {
            throw new NoFiguresException("unable to fetch metrics from custom metrics API: no metric named " + metric + " was returned for " + resource + " " + name);
        }
        return value(items.getFirst());
    }

    private List<Map<?, ?>> customItems(String namespace, String resource, String name, String metric, String podSelector, String metricSelector) {
        String query = query(podSelector, metricSelector);
        String path = metric.isEmpty() ? "" : encode(metric);
        for (String version : CUSTOM_VERSIONS) {
            try {
                Struct list = client.getSubresource(resource(CUSTOM, version, resource, "MetricValue"), namespace, name, path + query, Unstructured.TYPE);
                return items(list);
            } catch (ApiException e) {
                if (!unserved(e)) {
                    throw new NoFiguresException("unable to fetch metrics from custom metrics API: " + words(e, resource + "." + CUSTOM + (resource.equals("metrics") ? "" : " " + name)));
                }
            }
        }
        throw new NoFiguresException("unable to fetch metrics from custom metrics API: no known available metric versions found");
    }

    private static String query(String podSelector, String metricSelector) {
        String pods = podSelector.isEmpty() ? "" : "labelSelector=" + encode(podSelector);
        String metrics = metricSelector.isEmpty() ? "" : "metricLabelSelector=" + encode(metricSelector);
        String both = pods + (pods.isEmpty() || metrics.isEmpty() ? "" : "&") + metrics;
        return both.isEmpty() ? "" : "?" + both;
    }

    /// All values of a metric that belongs to nothing in the cluster.
    List<Long> external(String namespace, String metric, String selector) {
        List<Struct> items;
        try {
            items = client.list(resource(EXTERNAL, "v1beta1", encode(metric), "ExternalMetricValue"), namespace, ListOptions.labels(selector)).items();
        } catch (ApiException e) {
            throw new NoFiguresException("unable to fetch metrics from external metrics API: " + words(e, metric + "." + EXTERNAL));
        }
        if (items.isEmpty()) {
            throw new NoFiguresException("no metrics returned from external metrics API");
        }
        return items.stream().map(item -> value(item.unknown())).toList();
    }

    private static List<Map<?, ?>> items(Struct list) {
        List<Map<?, ?>> items = new ArrayList<>();
        if (list.unknown().get("items") instanceof List<?> found) {
            found.forEach(item -> {
                if (item instanceof Map<?, ?> fields) {
                    items.add(fields);
                }
            });
        }
        return items;
    }

    private static long value(Map<?, ?> item) {
        Object value = item.get("value");
        return value == null ? 0 : Quantity.parse(String.valueOf(value)).milliValue();
    }

    private static Instant time(@Nullable Object text) {
        try {
            return text == null ? Instant.EPOCH : OffsetDateTime.parse(String.valueOf(text)).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }

    /// As metrics-server spells it: `30s`, `1m0s`, `15.041s`.
    private static Duration window(@Nullable Object text) {
        if (text == null) {
            return Duration.ZERO;
        }
        try {
            return Duration.parse("PT" + text);
        } catch (DateTimeParseException e) {
            return Duration.ZERO;
        }
    }

    /// Nobody serves that group: the answer is no Status with details of an object.
    private static boolean unserved(ApiException e) {
        return e.code() == 404 && String.valueOf(e.getMessage()).contains("the server answered 404");
    }

    private static String words(ApiException e, String what) {
        if (unserved(e)) {
            return "the server could not find the requested resource (get " + what + ")";
        }
        if (e.code() == 503) {
            return "the server is currently unable to handle the request (get " + what + ")";
        }
        return String.valueOf(e.getMessage());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
