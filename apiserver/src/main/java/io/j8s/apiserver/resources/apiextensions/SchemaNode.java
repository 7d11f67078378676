package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.JsonNull;
import io.j8s.model.PlainJson;
import io.j8s.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One node of a schema as a definition states it, as plain JSON: what rules about schemas look at. Immutable.
record SchemaNode(Map<?, ?> json) {

    static SchemaNode of(JSONSchemaProps schema) {
        return new SchemaNode(PlainJson.of(schema));
    }

    String type() {
        return text("type");
    }

    String text(String key) {
        return json.get(key) instanceof String text ? text : "";
    }

    boolean flag(String key) {
        return Boolean.TRUE.equals(json.get(key));
    }

    boolean has(String key) {
        return json.get(key) != null && json.get(key) != JsonNull.NULL;
    }

    /// The value, or null where it is not stated (or null is).
    @Nullable Object value(String key) {
        return has(key) ? json.get(key) : null;
    }

    @Nullable Long count(String key) {
        return json.get(key) instanceof Number number ? (Long) number.longValue() : null;
    }

    List<?> list(String key) {
        return json.get(key) instanceof List<?> list ? list : List.of();
    }

    Map<?, ?> map(String key) {
        return json.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    /// A schema, such as that of `not`; null without one.
    @Nullable SchemaNode child(String key) {
        return json.get(key) instanceof Map<?, ?> map ? new SchemaNode(map) : null;
    }

    /// The schemas in a list, such as those of `allOf`.
    List<SchemaNode> children(String key) {
        List<SchemaNode> nodes = new ArrayList<>();
        for (Object element : list(key)) {
            if (element instanceof Map<?, ?> map) {
                nodes.add(new SchemaNode(map));
            }
        }
        return nodes;
    }

    /// The schemas in a map, such as those of `properties`, in the order of names.
    Map<String, SchemaNode> members(String key) {
        Map<String, SchemaNode> nodes = new TreeMap<>();
        map(key).forEach((name, value) -> {
            if (value instanceof Map<?, ?> member) {
                nodes.put((String) name, new SchemaNode(member));
            }
        });
        return nodes;
    }

    boolean intOrString() {
        return flag("x-kubernetes-int-or-string");
    }

    boolean embeddedResource() {
        return flag("x-kubernetes-embedded-resource");
    }

    boolean preservesUnknown() {
        return flag("x-kubernetes-preserve-unknown-fields");
    }

    /// Whether this node or one below (in whatever way) fulfils a condition.
    boolean any(Predicate<SchemaNode> condition) {
        if (condition.test(this)) {
            return true;
        }
        for (String key : List.of("items", "not", "additionalProperties", "additionalItems")) {
            SchemaNode child = child(key);
            if (child != null && child.any(condition)) {
                return true;
            }
        }
        for (String key : List.of("allOf", "anyOf", "oneOf", "items")) {
            if (children(key).stream().anyMatch(child -> child.any(condition))) {
                return true;
            }
        }
        for (String key : List.of("properties", "patternProperties", "definitions", "dependencies")) {
            if (members(key).values().stream().anyMatch(child -> child.any(condition))) {
                return true;
            }
        }
        return false;
    }

    /// What keeps it from being structural at all; empty when nothing does.
    String unsupported() {
        for (String key : List.of("id", "$schema", "$ref", "patternProperties", "dependencies", "additionalItems", "definitions")) {
            Object value = value(key);
            boolean empty = value == null || value.equals("") || value instanceof Map<?, ?> map && map.isEmpty() && !key.equals("additionalItems");
            if (!empty) {
                return "OpenAPIV3Schema '" + (key.equals("$schema") ? "schema" : key) + "' is not supported";
            }
        }
        if (json.get("items") instanceof List<?> list && !list.isEmpty()) {
            return "OpenAPIV3Schema 'items' must be a schema, but is an array";
        }
        if (Boolean.FALSE.equals(json.get("x-kubernetes-preserve-unknown-fields"))) {
            return "'x-kubernetes-preserve-unknown-fields' must be true or undefined";
        }
        return "";
    }

    /// As [#unsupported], of this node and all that structural schemas look at below.
    String unsupportedAnywhere() {
        String own = unsupported();
        if (!own.isEmpty()) {
            return own;
        }
        for (String key : List.of("not", "items", "additionalProperties")) {
            SchemaNode child = child(key);
            String found = child == null ? "" : child.unsupportedAnywhere();
            if (!found.isEmpty()) {
                return found;
            }
        }
        for (String key : List.of("allOf", "anyOf", "oneOf")) {
            for (SchemaNode child : children(key)) {
                String found = child.unsupportedAnywhere();
                if (!found.isEmpty()) {
                    return found;
                }
            }
        }
        for (SchemaNode child : members("properties").values()) {
            String found = child.unsupportedAnywhere();
            if (!found.isEmpty()) {
                return found;
            }
        }
        return "";
    }

    /// A schema and where it stands.
    record Placed(SchemaNode node, FieldPath path) {}
}
