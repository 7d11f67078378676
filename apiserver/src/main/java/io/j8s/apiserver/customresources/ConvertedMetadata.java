package io.j8s.apiserver.customresources;

import io.j8s.apiserver.resource.Names;
import io.j8s.model.JsonNull;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The metadata of a converted object: those it had before, with the labels and annotations that the converter gave it.
final class ConvertedMetadata {

    private static final int LARGEST_ANNOTATIONS = 256 << 10;

    private ConvertedMetadata() {}

    /// @throws IllegalArgumentException when what the converter gave cannot be taken; the message says why
    static Map<String, Object> of(Map<?, ?> original, @Nullable Object converted) {
        if (converted == null) {
            throw new IllegalArgumentException("missing metadata in converted object");
        }
        if (!(converted instanceof Map<?, ?> given)) {
            throw new IllegalArgumentException("invalid metadata of type " + typeOf(converted) + " in converted object");
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        original.forEach((name, value) -> metadata.put(String.valueOf(name), value));
        for (String field : List.of("labels", "annotations")) {
            Object value = given.get(field);
            if (value == null || value == JsonNull.NULL) {
                metadata.remove(field);
            } else if (value instanceof Map<?, ?> map) {
                metadata.put(field, texts(field, map, original.get(field)));
            } else {
                throw new IllegalArgumentException("invalid metadata." + field + " of type " + typeOf(value) + " in converted object");
            }
        }
        return metadata;
    }

    private static Map<?, ?> texts(String field, Map<?, ?> given, @Nullable Object before) {
        given.forEach((name, value) -> {
            if (!(value instanceof String)) {
                throw new IllegalArgumentException("metadata." + field + "[" + name + "] must be a string, but is " + typeOf(value) + " in converted object");
            }
        });
        if (!given.equals(before)) {
            List<String> problems = field.equals("labels") ? ofLabels(given) : ofAnnotations(given);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(problems.size() == 1 ? problems.getFirst() : "[" + String.join(", ", problems) + "]");
            }
        }
        return given;
    }

    private static List<String> ofLabels(Map<?, ?> labels) {
        List<String> problems = new ArrayList<>();
        labels.forEach((name, value) -> {
            Names.qualifiedName(String.valueOf(name)).forEach(problem -> problems.add("metadata.labels: Invalid value: \"" + name + "\": " + problem));
            Names.labelValue(String.valueOf(value)).forEach(problem -> problems.add("metadata.labels: Invalid value: \"" + value + "\": " + problem));
        });
        return problems;
    }

    private static List<String> ofAnnotations(Map<?, ?> annotations) {
        List<String> problems = new ArrayList<>();
        long size = 0;
        for (Map.Entry<?, ?> entry : annotations.entrySet()) {
            String name = String.valueOf(entry.getKey());
            size += name.length() + String.valueOf(entry.getValue()).length();
            Names.qualifiedName(name.toLowerCase(java.util.Locale.ROOT)).forEach(problem -> problems.add("metadata.annotation: Invalid value: \"" + name + "\": " + problem));
        }
        if (size > LARGEST_ANNOTATIONS) {
            problems.add("metadata.annotation: Too long: may not be more than " + LARGEST_ANNOTATIONS + " bytes");
        }
        return problems;
    }

    private static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> "<nil>";
            case String text -> "string";
            case Boolean truth -> "bool";
            case Long number -> "int64";
            case Double number -> "float64";
            case List<?> list -> "[]interface {}";
            case Map<?, ?> map -> "map[string]interface {}";
            default -> value == JsonNull.NULL ? "<nil>" : value.getClass().getSimpleName();
        };
    }
}
