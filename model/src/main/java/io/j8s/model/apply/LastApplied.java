package io.j8s.model.apply;

import io.j8s.model.DecodeException;
import io.j8s.model.FieldTree;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.apply.MergeSchema.Message;
import io.j8s.model.meta.v1.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// The annotation in which client-side apply keeps its last configuration. While an object has it, kubectl's server-side apply may take over what the
/// annotation says unchanged, and keeps the annotation up to date, so that users can go over to server-side apply and back.
final class LastApplied {

    private static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
    private static final int MOST_ANNOTATION_BYTES = 256 * 1024;

    private LastApplied() {}

    static boolean isIn(Struct object) {
        return Objects.metadata(object).annotations().containsKey(ANNOTATION);
    }

    /// The object with the configuration as its annotation; without the annotation when it would be too long.
    static Struct synced(Struct object, Map<String, Object> configuration) {
        ObjectMeta metadata = Objects.metadata(object);
        Map<String, String> annotations = new LinkedHashMap<>(metadata.annotations());
        annotations.put(ANNOTATION, new String(Json.writePlain(withoutAnnotation(configuration)), StandardCharsets.UTF_8) + "\n");
        int size = annotations.entrySet().stream().mapToInt(entry -> length(entry.getKey()) + length(entry.getValue())).sum();
        if (size > MOST_ANNOTATION_BYTES) {
            annotations.remove(ANNOTATION);
        }
        return Objects.withMetadata(object, metadata.withAnnotations(annotations));
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static Map<String, Object> withoutAnnotation(Map<String, Object> configuration) {
        if (!(configuration.get("metadata") instanceof Map<?, ?> metadata)
                || !(metadata.get("annotations") instanceof Map<?, ?> annotations)
                || !annotations.containsKey(ANNOTATION)) {
            return configuration;
        }
        Map<Object, Object> left = new LinkedHashMap<>(annotations);
        left.remove(ANNOTATION);
        Map<Object, Object> meta = new LinkedHashMap<>(metadata);
        if (left.isEmpty()) {
            meta.remove("annotations");
        } else {
            meta.put("annotations", left);
        }
        Map<String, Object> result = new LinkedHashMap<>(configuration);
        result.put("metadata", meta);
        return result;
    }

    /// The fields that the annotation has and the object still has like that; empty when there is no annotation or it cannot be read.
    static FieldTree unchangedSince(Message type, String apiVersion, Struct live) {
        String text = Objects.metadata(live).annotations().get(ANNOTATION);
        if (text == null || text.isEmpty()) {
            return FieldTree.EMPTY;
        }
        try {
            if (!(Json.readPlain(text.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> map) || !apiVersion.equals(map.get("apiVersion"))) {
                return FieldTree.EMPTY;
            }
            Map<String, Object> configuration = new LinkedHashMap<>();
            map.forEach((name, value) -> configuration.put((String) name, value));
            Struct applied = Merge.over(type, type.type.empty(), configuration).object();
            Difference difference = Difference.between(type, applied, live);
            return FieldsOf.plain(type, configuration).difference(difference.written()).difference(difference.removed());
        } catch (DecodeException | InvalidConfigurationException e) {
            return FieldTree.EMPTY;
        }
    }
}
