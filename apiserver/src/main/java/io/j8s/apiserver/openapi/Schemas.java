package io.j8s.apiserver.openapi;

import io.j8s.model.Documentation;
import io.j8s.model.Field;
import io.j8s.model.Json;
import io.j8s.model.Shape;
import io.j8s.model.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Collects the schemas of types and of all types that they mention, by name. One document, one thread.
final class Schemas {

    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private final Dialect dialect;
    private final Documentation documentation;
    private final Map<String, Map<String, Object>> byName = new TreeMap<>();

    Schemas(Dialect dialect, Documentation documentation) {
        this.dialect = dialect;
        this.documentation = documentation;
    }

    Map<String, Map<String, Object>> byName() {
        return byName;
    }

    /// A reference to a type's schema, which is added if it is new.
    Map<String, Object> reference(Type type) {
        if (!byName.containsKey(type.name())) {
            byName.put(type.name(), Map.of()); // types may mention themselves
            byName.put(type.name(), schema(type));
        }
        return referenceTo(type.name());
    }

    private Map<String, Object> referenceTo(String name) {
        return JsonObject.of("$ref", dialect.prefix + name);
    }

    /// Adds a schema that does not come from a type.
    Map<String, Object> add(String name, Map<String, Object> schema) {
        byName.putIfAbsent(name, schema);
        return referenceTo(name);
    }

    /// Says of a schema that it is that of a kind; a type may be several (`DeleteOptions`).
    void kind(String name, String group, String version, String kind) {
        Map<String, Object> schema = byName.get(name);
        if (schema == null) {
            return;
        }
        Map<String, Object> changed = new LinkedHashMap<>(schema);
        List<Object> kinds = new ArrayList<>();
        if (changed.get("x-kubernetes-group-version-kind") instanceof List<?> known) {
            kinds.addAll(known);
        }
        Map<String, Object> one = JsonObject.of("group", group, "kind", kind, "version", version);
        if (!kinds.contains(one)) {
            kinds.add(one);
        }
        changed.put("x-kubernetes-group-version-kind", kinds);
        byName.put(name, changed);
    }

    private Map<String, Object> schema(Type type) {
        Map<String, Object> schema = JsonObject.of();
        describe(schema, documentation.of(type));
        schema.put("type", "object");
        Map<String, Object> properties = new TreeMap<>();
        List<String> required = new ArrayList<>();
        for (Field field : type.fields()) {
            properties.put(field.name(), property(type, field));
            if (field.required()) {
                required.add(field.name());
            }
        }
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        if (!properties.isEmpty()) {
            schema.put("properties", properties);
        }
        return schema;
    }

    private Map<String, Object> property(Type type, Field field) {
        Map<String, Object> schema = of(field.shape());
        Map<String, Object> more = JsonObject.of();
        describe(more, documentation.of(type, field));
        if (field.defaultValue() != null) {
            more.put("default", Json.readPlain(field.defaultValue().getBytes(StandardCharsets.UTF_8)));
        }
        if (!field.enumeration().isEmpty()) {
            more.put("enum", field.enumeration());
        }
        if (!field.format().isEmpty() && !schema.containsKey("$ref")) {
            more.put("format", field.format());
        }
        merging(field, more);
        return joined(schema, more);
    }

    /// In v3 a reference stands alone; what is said besides goes around it.
    private Map<String, Object> joined(Map<String, Object> schema, Map<String, Object> more) {
        if (more.isEmpty()) {
            return schema;
        }
        if (schema.containsKey("$ref") && dialect == Dialect.V3) {
            Map<String, Object> around = JsonObject.of("allOf", List.of(schema));
            around.putAll(more);
            return around;
        }
        schema.putAll(more);
        return schema;
    }

    private static void merging(Field field, Map<String, Object> more) {
        if (field.shape() instanceof Shape.ListOf) {
            switch (field.listKind()) {
                case ATOMIC -> more.put("x-kubernetes-list-type", "atomic");
                case SET -> more.put("x-kubernetes-list-type", "set");
                case MAP -> {
                    more.put("x-kubernetes-list-map-keys", field.listKeys());
                    more.put("x-kubernetes-list-type", "map");
                }
            }
        }
        if (field.mapKind() == Field.MapKind.ATOMIC) {
            more.put("x-kubernetes-map-type", "atomic");
        }
        if (field.patchMergeKey() != null) {
            more.put("x-kubernetes-patch-merge-key", field.patchMergeKey());
        }
        String strategy = switch (field.patchStrategy()) {
            case REPLACE -> "";
            case MERGE -> "merge";
            case RETAIN_KEYS -> "retainKeys";
            case MERGE_RETAIN_KEYS -> "merge,retainKeys";
        };
        if (!strategy.isEmpty()) {
            more.put("x-kubernetes-patch-strategy", strategy);
        }
    }

    private Map<String, Object> of(Shape shape) {
        return switch (shape) {
            case Shape.Message message -> reference(message.type());
            case Shape.ListOf list -> JsonObject.of("type", "array", "items", of(list.element()));
            case Shape.MapOf map -> JsonObject.of("type", "object", "additionalProperties", of(map.value()));
            case Shape.Scalar scalar -> scalar(scalar);
        };
    }

    private Map<String, Object> scalar(Shape.Scalar scalar) {
        return switch (scalar) {
            case STRING -> JsonObject.of("type", "string");
            case BOOL -> JsonObject.of("type", "boolean");
            case INT32 -> JsonObject.of("type", "integer", "format", "int32");
            case INT64 -> JsonObject.of("type", "integer", "format", "int64");
            case DOUBLE -> JsonObject.of("type", "number", "format", "double");
            case BYTES -> JsonObject.of("type", "string", "format", "byte");
            case QUANTITY -> add("io.k8s.apimachinery.pkg.api.resource.Quantity", quantity());
            case TIME -> add(META + "Time", JsonObject.of("description", "A moment, in RFC 3339 form with whole seconds.", "type", "string", "format", "date-time"));
            case MICRO_TIME -> add(META + "MicroTime", JsonObject.of("description", "A moment, in RFC 3339 form with microseconds.", "type", "string", "format", "date-time"));
            case DURATION -> add(META + "Duration", JsonObject.of("description", "A span, such as 1h30m.", "type", "string"));
            case INT_OR_STRING -> add("io.k8s.apimachinery.pkg.util.intstr.IntOrString", intOrString());
            case JSON -> add("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON", JsonObject.of("description", "Any JSON value."));
            case RAW -> add("io.k8s.apimachinery.pkg.runtime.RawExtension", JsonObject.of("description", "Any object.", "type", "object"));
            case FIELDS -> add(META + "FieldsV1", JsonObject.of("description", "The fields that a manager owns, as a trie of path elements.", "type", "object"));
        };
    }

    private Map<String, Object> quantity() {
        String description = "A number with an SI suffix (100m, 2k), a binary suffix (64Mi) or a decimal exponent (1e3).";
        return dialect == Dialect.V2
                ? JsonObject.of("description", description, "type", "string")
                : JsonObject.of("description", description, "oneOf", List.of(JsonObject.of("type", "string"), JsonObject.of("type", "number")));
    }

    private Map<String, Object> intOrString() {
        String description = "A number or a text.";
        return dialect == Dialect.V2
                ? JsonObject.of("description", description, "type", "string", "format", "int-or-string")
                : JsonObject.of("description", description, "format", "int-or-string", "oneOf", List.of(JsonObject.of("type", "integer"), JsonObject.of("type", "string")));
    }

    private static void describe(Map<String, Object> schema, String text) {
        if (!text.isEmpty()) {
            schema.put("description", text);
        }
    }
}
