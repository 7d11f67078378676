package io.j8s.apiserver.resources.autoscaling;

import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.JsonNull;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.autoscaling.v2.CrossVersionObjectReference;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerBehavior;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerSpec;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerStatus;
import io.j8s.model.autoscaling.v2.MetricSpec;
import io.j8s.model.autoscaling.v2.MetricStatus;
import io.j8s.model.autoscaling.v2.MetricTarget;
import io.j8s.model.autoscaling.v2.ResourceMetricSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Autoscalers between v2, in which the server works, and v1, which keeps in annotations what it has no fields for.
final class AutoscalerVersions {

    private static final String METRICS = "autoscaling.alpha.kubernetes.io/metrics";
    private static final String CURRENT = "autoscaling.alpha.kubernetes.io/current-metrics";
    private static final String CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions";
    private static final String BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior";

    private static final List<String> RULES = List.of("stabilizationWindowSeconds", "selectPolicy", "policies", "tolerance");

    private AutoscalerVersions() {}

    // ---- v1 to v2

    static HorizontalPodAutoscaler toHub(io.j8s.model.autoscaling.v1.HorizontalPodAutoscaler older) {
        Map<String, String> annotations = new LinkedHashMap<>(older.metadata().annotations());
        HorizontalPodAutoscalerSpec spec = spec(older, annotations.remove(METRICS));
        String behavior = annotations.remove(BEHAVIOR);
        if (behavior != null && read(behavior, HorizontalPodAutoscalerBehavior.TYPE, AutoscalerVersions::lowered) instanceof HorizontalPodAutoscalerBehavior b && !b.isEmpty()) {
            spec = spec.withBehavior(b);
        }
        HorizontalPodAutoscalerStatus status = status(older, annotations.remove(CURRENT), annotations.remove(CONDITIONS));
        boolean changed = annotations.size() != older.metadata().annotations().size();
        return HorizontalPodAutoscaler.EMPTY
                .withKind(older.kind())
                .withApiVersion(older.apiVersion().isEmpty() ? "" : "autoscaling/v2")
                .withMetadata(changed ? older.metadata().withAnnotations(annotations) : older.metadata())
                .withSpec(spec)
                .withStatus(status);
    }

    private static HorizontalPodAutoscalerSpec spec(io.j8s.model.autoscaling.v1.HorizontalPodAutoscaler older, @Nullable String others) {
        var from = older.spec();
        CrossVersionObjectReference reference = CrossVersionObjectReference.EMPTY
                .withKind(from.scaleTargetRef().kind())
                .withName(from.scaleTargetRef().name())
                .withApiVersion(from.scaleTargetRef().apiVersion());
        HorizontalPodAutoscalerSpec spec = HorizontalPodAutoscalerSpec.EMPTY.withScaleTargetRef(reference).withMaxReplicas(from.maxReplicas());
        spec = from.hasMinReplicas() ? spec.withMinReplicas(from.minReplicas()) : spec;
        List<MetricSpec> metrics = new ArrayList<>();
        for (Struct metric : all(others, MetricSpec.TYPE, OlderMetrics::wantedFromOlder)) {
            metrics.add((MetricSpec) metric);
        }
        if (from.hasTargetCPUUtilizationPercentage()) {
            MetricTarget target = MetricTarget.EMPTY.withType("Utilization").withAverageUtilization(from.targetCPUUtilizationPercentage());
            metrics.add(MetricSpec.EMPTY.withType("Resource").withResource(ResourceMetricSource.EMPTY.withName("cpu").withTarget(target)));
        }
        return spec.withMetrics(metrics.isEmpty() ? List.of(HorizontalPodAutoscalers.defaultMetric()) : metrics);
    }

    private static HorizontalPodAutoscalerStatus status(
            io.j8s.model.autoscaling.v1.HorizontalPodAutoscaler older, @Nullable String current, @Nullable String conditions) {
        var from = older.status();
        HorizontalPodAutoscalerStatus status = HorizontalPodAutoscalerStatus.EMPTY
                .withCurrentReplicas(from.currentReplicas())
                .withDesiredReplicas(from.desiredReplicas())
                .withLastScaleTime(from.lastScaleTime());
        status = from.hasObservedGeneration() ? status.withObservedGeneration(from.observedGeneration()) : status;
        List<MetricStatus> metrics = new ArrayList<>();
        all(current, MetricStatus.TYPE, OlderMetrics::measuredFromOlder).forEach(metric -> metrics.add((MetricStatus) metric));
        if (metrics.isEmpty() && from.hasCurrentCPUUtilizationPercentage()) {
            metrics.add(MetricStatus.EMPTY
                    .withType("Resource")
                    .withResource(resource -> resource.withName("cpu").withCurrent(value -> value.withAverageUtilization(from.currentCPUUtilizationPercentage()))));
        }
        List<HorizontalPodAutoscalerCondition> known = new ArrayList<>();
        all(conditions, HorizontalPodAutoscalerCondition.TYPE, AutoscalerVersions::copy).forEach(condition -> known.add((HorizontalPodAutoscalerCondition) condition));
        status = metrics.isEmpty() ? status : status.withCurrentMetrics(metrics);
        return known.isEmpty() ? status : status.withConditions(known);
    }

    // ---- v2 to v1

    static io.j8s.model.autoscaling.v1.HorizontalPodAutoscaler fromHub(HorizontalPodAutoscaler hub) {
        Map<String, String> annotations = new LinkedHashMap<>(hub.metadata().annotations());
        List.of(METRICS, CURRENT, CONDITIONS, BEHAVIOR).forEach(annotations::remove);
        List<Object> others = new ArrayList<>();
        var spec = io.j8s.model.autoscaling.v1.HorizontalPodAutoscalerSpec.EMPTY
                .withScaleTargetRef(io.j8s.model.autoscaling.v1.CrossVersionObjectReference.EMPTY
                        .withKind(hub.spec().scaleTargetRef().kind())
                        .withName(hub.spec().scaleTargetRef().name())
                        .withApiVersion(hub.spec().scaleTargetRef().apiVersion()))
                .withMaxReplicas(hub.spec().maxReplicas());
        spec = hub.spec().hasMinReplicas() ? spec.withMinReplicas(hub.spec().minReplicas()) : spec;
        for (MetricSpec metric : hub.spec().metrics()) {
            if (metric.type().equals("Resource") && metric.resource().name().equals("cpu") && metric.resource().target().hasAverageUtilization()) {
                spec = spec.withTargetCPUUtilizationPercentage(metric.resource().target().averageUtilization());
            } else {
                others.add(OlderMetrics.wantedToOlder(plain(metric)));
            }
        }
        annotate(annotations, METRICS, others);
        annotate(annotations, CURRENT, hub.status().currentMetrics().stream().<Object>map(metric -> OlderMetrics.measuredToOlder(plain(metric))).toList());
        if (hub.spec().hasBehavior()) {
            annotations.put(BEHAVIOR, json(raised(plain(hub.spec().behavior()))));
        }
        annotate(annotations, CONDITIONS, hub.status().conditions().stream().<Object>map(AutoscalerVersions::plain).toList());
        return io.j8s.model.autoscaling.v1.HorizontalPodAutoscaler.EMPTY
                .withKind(hub.kind())
                .withApiVersion(hub.apiVersion().isEmpty() ? "" : "autoscaling/v1")
                .withMetadata(annotations.equals(hub.metadata().annotations()) ? hub.metadata() : hub.metadata().withAnnotations(annotations))
                .withSpec(spec)
                .withStatus(olderStatus(hub));
    }

    private static io.j8s.model.autoscaling.v1.HorizontalPodAutoscalerStatus olderStatus(HorizontalPodAutoscaler hub) {
        var status = io.j8s.model.autoscaling.v1.HorizontalPodAutoscalerStatus.EMPTY
                .withCurrentReplicas(hub.status().currentReplicas())
                .withDesiredReplicas(hub.status().desiredReplicas())
                .withLastScaleTime(hub.status().lastScaleTime());
        status = hub.status().hasObservedGeneration() ? status.withObservedGeneration(hub.status().observedGeneration()) : status;
        for (MetricStatus metric : hub.status().currentMetrics()) {
            if (metric.type().equals("Resource") && metric.resource().name().equals("cpu") && metric.resource().current().hasAverageUtilization()) {
                status = status.withCurrentCPUUtilizationPercentage(metric.resource().current().averageUtilization());
            }
        }
        return status;
    }

    private static void annotate(Map<String, String> annotations, String key, List<Object> values) {
        if (!values.isEmpty()) {
            annotations.put(key, json(values));
        }
    }

    // ---- JSON in annotations; what cannot be read is left out, as if it were not there

    private static List<Struct> all(@Nullable String json, Type type, UnaryOperator<Map<?, ?>> change) {
        List<Struct> all = new ArrayList<>();
        if (json == null) {
            return all;
        }
        try {
            for (Object element : OlderMetrics.list(Json.readPlain(json.getBytes(StandardCharsets.UTF_8)))) {
                if (element instanceof Map<?, ?> map) {
                    all.add(Json.read(type, Json.writePlain(change.apply(map))));
                }
            }
        } catch (DecodeException e) {
            return List.of();
        }
        return all;
    }

    private static @Nullable Struct read(String json, Type type, UnaryOperator<Map<?, ?>> change) {
        try {
            return Json.readPlain(json.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> map ? Json.read(type, Json.writePlain(change.apply(map))) : null;
        } catch (DecodeException e) {
            return null;
        }
    }

    private static Map<?, ?> plain(Struct struct) {
        return Json.readPlain(Json.write(struct)) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String json(Object value) {
        return new String(Json.writePlain(value), StandardCharsets.UTF_8).strip();
    }

    private static Map<?, ?> copy(Map<?, ?> map) {
        return map;
    }

    /// The annotation of the behavior spells field names with a capital letter.
    private static Map<?, ?> raised(Map<?, ?> behavior) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String direction : List.of("scaleUp", "scaleDown")) {
            if (behavior.get(direction) instanceof Map<?, ?> rules) {
                Map<String, Object> every = new LinkedHashMap<>(); // unset ones are written, too
                RULES.forEach(rule -> every.put(rule, rules.get(rule) == null ? JsonNull.NULL : rules.get(rule)));
                all.put(direction, every);
            }
        }
        return renamed(all, key -> key.substring(0, 1).toUpperCase(Locale.ROOT) + key.substring(1));
    }

    private static Map<?, ?> lowered(Map<?, ?> map) {
        return renamed(map, key -> key.substring(0, 1).toLowerCase(Locale.ROOT) + key.substring(1));
    }

    private static Map<?, ?> renamed(Map<?, ?> map, UnaryOperator<String> name) {
        Map<String, Object> renamed = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            Object changed = switch (value) {
                case Map<?, ?> inner -> renamed(inner, name);
                case List<?> list -> list.stream().map(each -> each instanceof Map<?, ?> inner ? renamed(inner, name) : each).toList();
                case null -> null;
                default -> value;
            };
            if (changed != null && key instanceof String text && !text.isEmpty()) {
                renamed.put(name.apply(text), changed);
            }
        });
        return renamed;
    }
}
