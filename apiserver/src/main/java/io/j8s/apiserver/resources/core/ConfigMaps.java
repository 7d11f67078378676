package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.ConfigMap;
import java.nio.charset.StandardCharsets;

/// `configmaps`
final class ConfigMaps {

    private static final int SIZE_LIMIT_BYTES = 1024 * 1024;

    private ConfigMaps() {}

    static Resource<ConfigMap> resource() {
        return Resource.of(ConfigMap.RESOURCE)
                .shortNames("cm")
                .createRules(ConfigMaps::rules)
                .updateRules(ConfigMaps::updateRules)
                .table(table -> table
                        .nameColumn()
                        .column("Data", "string", "Data contains the configuration data.", (map, now) -> map.data().size() + map.binaryData().size())
                        .ageColumn())
                .build();
    }

    private static void rules(ConfigMap map, FieldErrors errors) {
        long size = 0;
        for (var entry : map.data().entrySet()) {
            FieldPath path = FieldPath.of("data").key(entry.getKey());
            Names.configKey(entry.getKey()).forEach(problem -> errors.invalid(path, entry.getKey(), problem));
            if (map.binaryData().containsKey(entry.getKey())) {
                errors.invalid(path, entry.getKey(), "duplicate of key present in binaryData");
            }
            size += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        for (var entry : map.binaryData().entrySet()) {
            FieldPath path = FieldPath.of("binaryData").key(entry.getKey());
            Names.configKey(entry.getKey()).forEach(problem -> errors.invalid(path, entry.getKey(), problem));
            size += entry.getValue().length();
        }
        if (size > SIZE_LIMIT_BYTES) {
            errors.tooLong(FieldPath.of(""), SIZE_LIMIT_BYTES);
        }
    }

    private static void updateRules(ConfigMap map, ConfigMap old, FieldErrors errors) {
        immutability(map, old, errors);
        rules(map, errors);
    }

    private static void immutability(ConfigMap map, ConfigMap old, FieldErrors errors) {
        if (!old.immutable()) {
            return;
        }
        if (!map.immutable()) {
            errors.forbidden(FieldPath.of("immutable"), "field is immutable when `immutable` is set");
        }
        if (!map.data().equals(old.data())) {
            errors.forbidden(FieldPath.of("data"), "field is immutable when `immutable` is set");
        }
        if (!map.binaryData().equals(old.binaryData())) {
            errors.forbidden(FieldPath.of("binaryData"), "field is immutable when `immutable` is set");
        }
    }
}
