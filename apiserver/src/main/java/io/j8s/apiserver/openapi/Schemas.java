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
    private static final String EXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
    private static final Map<String, String> WELL_KNOWN = Map.of(
            "apiVersion", "The version of the schema of this object.", "kind", "The kind of this object.", "metadata", "Standard object metadata.",
            "items", "The objects.", "spec", "What is wanted of the object.", "status", "What was last observed of the object.");

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

    /// A reference to a type that is a kind of the group's version, and of the core group.
    Map<String, Object> kindOfAll(Type type, Map<String, Object> subject, boolean ofCustom) {
        Map<String, Object> reference = reference(type);
        String kind = type.name().substring(type.name().lastIndexOf('.') + 1);
        kind(type.name(), "", "v1", kind);
        if (!ofCustom) {
            kind(type.name(), String.valueOf(subject.get("group")), String.valueOf(subject.get("version")), kind);
        }
        return reference;
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
        Map<String, Object> schema = shaped(field);
        Map<String, Object> more = JsonObject.of();
        describe(more, text(type, field));
        if (field.defaultValue() != null && dialect == Dialect.V3) {
            more.put("default", Json.readPlain(field.defaultValue().getBytes(StandardCharsets.UTF_8)));
        }
        Map<String, Object> values = values(schema);
        if (!field.enumeration().isEmpty()) {
            values.put("enum", field.enumeration());
        }
        if (!field.format().isEmpty() && !values.containsKey("$ref")) {
            values.put("format", field.format());
        }
        merging(type, field, more);
        return joined(schema, more);
    }

    /// What is said of a field's values is said of a list's elements, and of a map's values.
    @SuppressWarnings("unchecked") // schemas are made here
    private static Map<String, Object> values(Map<String, Object> schema) {
        Object inner = schema.getOrDefault("items", schema.get("additionalProperties"));
        return inner instanceof Map<?, ?> map ? (Map<String, Object>) map : schema;
    }

    /// A field without a text of its own is described by its type's.
    private String text(Type type, Field field) {
        String own = documentation.of(type, field);
        if (!own.isEmpty()) {
            return own;
        }
        String ofType = field.shape() instanceof Shape.Message message ? documentation.of(message.type()) : "";
        return ofType.isEmpty() ? WELL_KNOWN.getOrDefault(field.name(), "") : ofType;
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

    private void merging(Type type, Field field, Map<String, Object> more) {
        boolean itemsOfList = field.name().equals("items") && type.kind().endsWith("List");
        if (field.shape() instanceof Shape.ListOf && !itemsOfList) {
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
            Shape marked = field.shape() instanceof Shape.ListOf list ? list.element() : field.shape();
            if (marked instanceof Shape.Message message) {
                byName.computeIfPresent(message.type().name(), (name, schema) -> atomic(schema)); // it is the type that is atomic
            } else {
                more.put("x-kubernetes-map-type", "atomic");
            }
        }
        if (field.patchMergeKey() != null) {
            more.put("x-kubernetes-patch-merge-key", field.patchMergeKey());
        }
        String strategy = switch (field.patchStrategy()) {
            case REPLACE -> "";
            case MERGE -> "merge";
            case RETAIN_KEYS -> "retainKeys";
            case MERGE_RETAIN_KEYS -> "merge,retainKeys";
            case WHOLE -> "replace";
        };
        if (!strategy.isEmpty()) {
            more.put("x-kubernetes-patch-strategy", strategy);
        }
    }

    private static Map<String, Object> atomic(Map<String, Object> schema) {
        Map<String, Object> marked = new LinkedHashMap<>(schema);
        marked.put("x-kubernetes-map-type", "atomic");
        return marked;
    }

    private Map<String, Object> shaped(Field field) {
        return switch (field.wire()) {
            case SCHEMA_OR_BOOL -> add(EXTENSIONS + "JSONSchemaPropsOrBool", JsonObject.of("description", "A schema, or whether anything goes."));
            case SCHEMA_OR_ARRAY -> add(EXTENSIONS + "JSONSchemaPropsOrArray", JsonObject.of("description", "A schema, or a list of schemas."));
            case SCHEMA_OR_STRINGS -> JsonObject.of(
                    "type", "object", "additionalProperties",
                    add(EXTENSIONS + "JSONSchemaPropsOrStringArray", JsonObject.of("description", "A schema, or a list of property names.")));
            case PLAIN, ITEMS -> of(field.shape());
        };
    }

    private Map<String, Object> of(Shape shape) {
        return switch (shape) {
            case Shape.Message message -> reference(message.type());
            case Shape.ListOf list -> JsonObject.of("type", "array", "items", within(list.element()));
            case Shape.MapOf map -> JsonObject.of("type", "object", "additionalProperties", within(map.value()));
            case Shape.Scalar scalar -> scalar(scalar);
        };
    }

    /// The values of a list or a map: what is there is never nothing, and so has its zero as a default.
    private Map<String, Object> within(Shape shape) {
        Map<String, Object> schema = of(shape);
        Object zero = switch (shape) {
            case Shape.Message message -> JsonObject.of();
            case Shape.Scalar scalar when scalar == Shape.Scalar.STRING -> "";
            case Shape.Scalar scalar when scalar == Shape.Scalar.BOOL -> false;
            case Shape.Scalar scalar when scalar == Shape.Scalar.INT32 || scalar == Shape.Scalar.INT64 -> 0L;
            default -> null;
        };
        return zero == null || dialect == Dialect.V2 ? schema : joined(schema, JsonObject.of("default", zero));
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
            case JSON -> add(EXTENSIONS + "JSON", JsonObject.of("description", "Any JSON value."));
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
