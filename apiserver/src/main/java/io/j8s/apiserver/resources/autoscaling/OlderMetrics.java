package io.j8s.apiserver.resources.autoscaling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Metrics as autoscaling/v1 keeps them in annotations (JSON), from and to the form of v2. Both are plain JSON values.
final class OlderMetrics {

    /// The name of each type's part.
    private static final Map<String, String> PARTS =
            Map.of("Resource", "resource", "ContainerResource", "containerResource", "Pods", "pods", "Object", "object", "External", "external");

    private OlderMetrics() {}

    // ---- what is wanted

    static Map<String, Object> wantedToOlder(Map<?, ?> metric) {
        String type = text(metric.get("type"));
        Map<?, ?> part = map(metric.get(PARTS.getOrDefault(type, "")));
        Map<?, ?> target = map(part.get("target"));
        Map<String, Object> older = new LinkedHashMap<>();
        names(type, part, older);
        switch (type) {
            case "Resource", "ContainerResource" -> {
                put(older, "targetAverageUtilization", target.get("averageUtilization"));
                put(older, "targetAverageValue", target.get("averageValue"));
                put(older, "container", part.get("container"));
            }
            case "Pods" -> put(older, "targetAverageValue", target.get("averageValue"));
            case "Object" -> {
                put(older, "targetValue", target.get("value") == null ? "0" : target.get("value"));
                put(older, "averageValue", target.get("averageValue"));
            }
            default -> {
                put(older, "targetValue", target.get("value"));
                put(older, "targetAverageValue", target.get("averageValue"));
            }
        }
        return typed(type, older);
    }

    static Map<String, Object> wantedFromOlder(Map<?, ?> metric) {
        String type = text(metric.get("type"));
        Map<?, ?> older = map(metric.get(PARTS.getOrDefault(type, "")));
        Map<String, Object> target = new LinkedHashMap<>();
        boolean utilization = older.get("targetAverageUtilization") != null;
        Object average = type.equals("Object") ? older.get("averageValue") : older.get("targetAverageValue");
        boolean value = older.get("targetValue") != null && (average == null || !type.equals("Object"));
        target.put("type", utilization ? "Utilization" : value && average == null ? "Value" : "AverageValue");
        put(target, "averageUtilization", older.get("targetAverageUtilization"));
        put(target, "averageValue", average);
        if (value) {
            put(target, "value", older.get("targetValue"));
        }
        Map<String, Object> part = named(type, older);
        part.put("target", target);
        return typed(type, part);
    }

    // ---- what is measured

    static Map<String, Object> measuredToOlder(Map<?, ?> metric) {
        String type = text(metric.get("type"));
        Map<?, ?> part = map(metric.get(PARTS.getOrDefault(type, "")));
        Map<?, ?> current = map(part.get("current"));
        Map<String, Object> older = new LinkedHashMap<>();
        names(type, part, older);
        switch (type) {
            case "Resource", "ContainerResource" -> {
                put(older, "currentAverageUtilization", current.get("averageUtilization"));
                put(older, "currentAverageValue", current.get("averageValue") == null ? "0" : current.get("averageValue"));
                put(older, "container", part.get("container"));
            }
            case "Pods" -> put(older, "currentAverageValue", current.get("averageValue") == null ? "0" : current.get("averageValue"));
            case "Object" -> {
                put(older, "currentValue", current.get("value") == null ? "0" : current.get("value"));
                put(older, "averageValue", current.get("averageValue"));
            }
            default -> {
                put(older, "currentValue", current.get("value") == null ? "0" : current.get("value"));
                put(older, "currentAverageValue", current.get("averageValue"));
            }
        }
        return typed(type, older);
    }

    static Map<String, Object> measuredFromOlder(Map<?, ?> metric) {
        String type = text(metric.get("type"));
        Map<?, ?> older = map(metric.get(PARTS.getOrDefault(type, "")));
        Map<String, Object> current = new LinkedHashMap<>();
        put(current, "averageUtilization", older.get("currentAverageUtilization"));
        put(current, "averageValue", type.equals("Object") ? older.get("averageValue") : older.get("currentAverageValue"));
        put(current, "value", older.get("currentValue"));
        Map<String, Object> part = named(type, older);
        part.put("current", current);
        return typed(type, part);
    }

    // ---- names

    private static void names(String type, Map<?, ?> part, Map<String, Object> older) {
        Map<?, ?> metric = map(part.get("metric"));
        switch (type) {
            case "Resource", "ContainerResource" -> {
                put(older, "name", part.get("name"));
            }
            case "Object" -> {
                put(older, "target", part.get("describedObject"));
                put(older, "metricName", metric.get("name"));
                put(older, "selector", metric.get("selector"));
            }
            default -> {
                put(older, "metricName", metric.get("name"));
                put(older, type.equals("External") ? "metricSelector" : "selector", metric.get("selector"));
            }
        }
    }

    private static Map<String, Object> named(String type, Map<?, ?> older) {
        Map<String, Object> part = new LinkedHashMap<>();
        switch (type) {
            case "Resource", "ContainerResource" -> {
                put(part, "name", older.get("name"));
                put(part, "container", older.get("container"));
            }
            default -> {
                put(part, "describedObject", older.get("target"));
                Map<String, Object> metric = new LinkedHashMap<>();
                put(metric, "name", older.get("metricName"));
                put(metric, "selector", older.get(type.equals("External") ? "metricSelector" : "selector"));
                part.put("metric", metric);
            }
        }
        return part;
    }

    private static Map<String, Object> typed(String type, Map<String, Object> part) {
        Map<String, Object> metric = new LinkedHashMap<>();
        metric.put("type", type);
        if (PARTS.containsKey(type)) {
            metric.put(PARTS.get(type), part);
        }
        return metric;
    }

    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }
}
