package io.j8s.apiserver.registry;

import io.j8s.model.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// CustomResourceDefinitions as upstream stores them: in the version v1beta1, which is served no longer, because what is the same for all versions is said only once there.
final class EarlierDefinitions {

    static final String API_VERSION = "apiextensions.k8s.io/v1beta1";

    private static final List<String> FOR_ALL_VERSIONS = List.of("subresources", "additionalPrinterColumns", "selectableFields");

    private EarlierDefinitions() {}

    /// The same definition in v1.
    static byte[] upgraded(byte[] json) {
        if (!(Json.readPlain(json) instanceof Map<?, ?> read)) {
            return json;
        }
        Map<String, @Nullable Object> definition = copy(read);
        definition.put("apiVersion", "apiextensions.k8s.io/v1");
        if (read.get("spec") instanceof Map<?, ?> old) {
            Map<String, @Nullable Object> spec = copy(old);
            spec.put("versions", versions(old));
            List.of("version", "validation").forEach(spec::remove);
            FOR_ALL_VERSIONS.forEach(spec::remove);
            if (old.get("conversion") instanceof Map<?, ?> conversion) {
                spec.put("conversion", conversion(conversion));
            }
            // v1beta1's default is true, v1 leaves false unsaid
            if (Boolean.FALSE.equals(old.get("preserveUnknownFields"))) {
                spec.remove("preserveUnknownFields");
            } else {
                spec.put("preserveUnknownFields", true);
            }
            definition.put("spec", spec);
        }
        return Json.writePlain(definition);
    }

    private static List<Map<String, @Nullable Object>> versions(Map<?, ?> spec) {
        List<Map<String, @Nullable Object>> versions = new ArrayList<>();
        if (spec.get("versions") instanceof List<?> listed) {
            for (Object each : listed) {
                if (each instanceof Map<?, ?> version) {
                    versions.add(copy(version));
                }
            }
        }
        if (versions.isEmpty()) {
            Map<String, @Nullable Object> only = new LinkedHashMap<>();
            only.put("name", spec.get("version"));
            only.put("served", true);
            only.put("storage", true);
            versions.add(only);
        }
        for (Map<String, @Nullable Object> version : versions) {
            if (spec.get("validation") != null) {
                version.putIfAbsent("schema", spec.get("validation"));
            }
            for (String field : FOR_ALL_VERSIONS) {
                if (spec.get(field) != null) {
                    version.putIfAbsent(field, spec.get(field));
                }
            }
            if (version.get("additionalPrinterColumns") instanceof List<?> columns) {
                version.put("additionalPrinterColumns", columns.stream().map(EarlierDefinitions::column).toList());
            }
        }
        return versions;
    }

    private static @Nullable Object column(@Nullable Object column) {
        if (!(column instanceof Map<?, ?> old)) {
            return column;
        }
        Map<String, @Nullable Object> renamed = copy(old);
        Object path = renamed.remove("JSONPath");
        if (path != null) {
            renamed.put("jsonPath", path);
        }
        return renamed;
    }

    private static Map<String, @Nullable Object> conversion(Map<?, ?> old) {
        Map<String, @Nullable Object> conversion = new LinkedHashMap<>();
        conversion.put("strategy", old.get("strategy"));
        if (old.get("webhookClientConfig") != null || old.get("conversionReviewVersions") != null) {
            Map<String, @Nullable Object> webhook = new LinkedHashMap<>();
            if (old.get("webhookClientConfig") != null) {
                webhook.put("clientConfig", old.get("webhookClientConfig"));
            }
            if (old.get("conversionReviewVersions") != null) {
                webhook.put("conversionReviewVersions", old.get("conversionReviewVersions"));
            }
            conversion.put("webhook", webhook);
        }
        return conversion;
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }
}
