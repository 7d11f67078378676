package io.j8s.model.schema;

import io.j8s.model.JsonNull;
import io.j8s.model.schema.SchemaProblem.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the kinds of lists ask for: distinct elements, distinct keys.
final class ListRules {

    private final List<SchemaProblem> problems = new ArrayList<>();

    private ListRules() {}

    static List<SchemaProblem> problems(Schema schema, Object value) {
        ListRules rules = new ListRules();
        rules.check(schema, value, "");
        return rules.problems;
    }

    private void check(@Nullable Schema schema, @Nullable Object value, String path) {
        if (schema == null) {
            return;
        }
        if (value instanceof Map<?, ?> map) {
            checkMembers(schema, map, path);
        } else if (value instanceof List<?> list) {
            switch (schema.listType()) {
                case "set" -> checkDistinct(list, list, path);
                case "map" -> checkKeys(schema, list, path);
                default -> {}
            }
            for (int i = 0; i < list.size(); i++) {
                check(schema.items(), list.get(i), path + "[" + i + "]");
            }
        }
    }

    private void checkMembers(Schema schema, Map<?, ?> map, String path) {
        map.forEach((name, item) -> {
            Schema property = schema.properties().get(name);
            check(property == null ? schema.additional() : property, item,
                    property == null ? path + "[" + name + "]" : path.isEmpty() ? (String) name : path + "." + name);
        });
    }

    private void checkKeys(Schema schema, List<?> list, String path) {
        List<Object> keys = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Map<String, Object> key = new TreeMap<>();
            if (list.get(i) instanceof Map<?, ?> item) {
                for (String name : schema.listMapKeys()) {
                    Object part = item.get(name);
                    if (part != null) {
                        key.put(name, part);
                    }
                }
            } else if (list.get(i) != JsonNull.NULL) {
                problems.add(new SchemaProblem(Reason.INVALID, path + "[" + i + "]", list.get(i), "must be an object for an array of list-type map"));
                return;
            }
            keys.add(key);
        }
        checkDistinct(keys, keys, path);
    }

    /// Reports the second of equal values, once.
    private void checkDistinct(List<?> values, List<?> shown, String path) {
        Map<Object, Integer> seen = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            if (seen.merge(values.get(i), 1, Integer::sum) == 2) {
                problems.add(new SchemaProblem(Reason.DUPLICATE, path + "[" + i + "]", shown.get(i), "must not be there twice"));
            }
        }
    }
}
