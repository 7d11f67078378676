package io.j8s.model.schema;

import io.j8s.model.JsonNull;
import io.j8s.model.patch.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One node of a structural schema (JSONSchemaProps). Immutable. What a schema does not say is null or empty.
///
/// @param type `object`, `array`, `string`, `integer`, `number`, `boolean`; empty for any
/// @param properties by name, in the order of names
/// @param additional what entries beyond the properties are like; null when there may be none
/// @param additionalAny whether entries beyond the properties may be anything
/// @param additionalNone whether entries beyond the properties are said to be wrong (where nothing is said, they are pruned)
/// @param defaultValue plain JSON
/// @param rules `x-kubernetes-validations`, as plain JSON: their language is not evaluated here
public record Schema(
        String type,
        String format,
        boolean nullable,
        @Nullable Object defaultValue,
        List<Object> enumeration,
        Map<String, Schema> properties,
        @Nullable Schema additional,
        boolean additionalAny,
        boolean additionalNone,
        @Nullable Schema items,
        List<String> required,
        Limits limits,
        List<Schema> allOf,
        List<Schema> anyOf,
        List<Schema> oneOf,
        @Nullable Schema not,
        boolean preservesUnknown,
        boolean embeddedResource,
        boolean intOrString,
        String listType,
        List<String> listMapKeys,
        String mapType,
        List<Object> rules) {

    /// Bounds of a value; null for none. `uniqueItems` is false for none.
    public record Limits(
            @Nullable Double minimum,
            boolean exclusiveMinimum,
            @Nullable Double maximum,
            boolean exclusiveMaximum,
            @Nullable Double multipleOf,
            @Nullable Long minLength,
            @Nullable Long maxLength,
            @Nullable SchemaPattern pattern,
            @Nullable Long minItems,
            @Nullable Long maxItems,
            boolean uniqueItems,
            @Nullable Long minProperties,
            @Nullable Long maxProperties) {}

    /// The schema of objects about which nothing is said.
    public static final Schema OPEN = of(Map.of("type", "object", "x-kubernetes-preserve-unknown-fields", true));

    /// Reads a schema from plain JSON; keys that it does not know are passed over, as are values of the wrong kind (definitions are validated elsewhere).
    public static Schema of(Map<?, ?> json) {
        Object additional = json.get("additionalProperties");
        return new Schema(
                text(json, "type"),
                text(json, "format"),
                flag(json, "nullable"),
                json.get("default") == JsonNull.NULL ? null : json.get("default"),
                List.copyOf(list(json, "enum")),
                properties(json),
                additional instanceof Map<?, ?> map ? of(map) : null,
                Boolean.TRUE.equals(additional),
                Boolean.FALSE.equals(additional),
                json.get("items") instanceof Map<?, ?> map ? of(map) : null,
                texts(json, "required"),
                limits(json),
                schemas(json, "allOf"),
                schemas(json, "anyOf"),
                schemas(json, "oneOf"),
                json.get("not") instanceof Map<?, ?> map ? of(map) : null,
                flag(json, "x-kubernetes-preserve-unknown-fields"),
                flag(json, "x-kubernetes-embedded-resource"),
                flag(json, "x-kubernetes-int-or-string"),
                text(json, "x-kubernetes-list-type"),
                texts(json, "x-kubernetes-list-map-keys"),
                text(json, "x-kubernetes-map-type"),
                List.copyOf(list(json, "x-kubernetes-validations")));
    }

    private static Limits limits(Map<?, ?> json) {
        String pattern = text(json, "pattern");
        return new Limits(
                number(json, "minimum"),
                flag(json, "exclusiveMinimum"),
                number(json, "maximum"),
                flag(json, "exclusiveMaximum"),
                number(json, "multipleOf"),
                count(json, "minLength"),
                count(json, "maxLength"),
                pattern.isEmpty() ? null : new SchemaPattern(pattern),
                count(json, "minItems"),
                count(json, "maxItems"),
                flag(json, "uniqueItems"),
                count(json, "minProperties"),
                count(json, "maxProperties"));
    }

    private static Map<String, Schema> properties(Map<?, ?> json) {
        Map<String, Schema> properties = new TreeMap<>();
        if (json.get("properties") instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (value instanceof Map<?, ?> property) {
                    properties.put((String) name, of(property));
                }
            });
        }
        return new LinkedHashMap<>(properties);
    }

    private static String text(Map<?, ?> json, String key) {
        return json.get(key) instanceof String text ? text : "";
    }

    private static boolean flag(Map<?, ?> json, String key) {
        return Boolean.TRUE.equals(json.get(key));
    }

    private static @Nullable Double number(Map<?, ?> json, String key) {
        return json.get(key) instanceof Number number ? number.doubleValue() : null;
    }

    private static @Nullable Long count(Map<?, ?> json, String key) {
        return json.get(key) instanceof Number number ? number.longValue() : null;
    }

    private static List<?> list(Map<?, ?> json, String key) {
        return json.get(key) instanceof List<?> list ? list : List.of();
    }

    private static List<String> texts(Map<?, ?> json, String key) {
        return list(json, key).stream().map(String::valueOf).toList();
    }

    private static List<Schema> schemas(Map<?, ?> json, String key) {
        List<Schema> schemas = new ArrayList<>();
        for (Object item : list(json, key)) {
            if (item instanceof Map<?, ?> map) {
                schemas.add(of(map));
            }
        }
        return List.copyOf(schemas);
    }

    /// How a value (plain JSON) breaks the schema; empty when it does not. Kinds of lists, embedded resources and rules in CEL are not looked at.
    public List<SchemaProblem> problems(Object value) {
        return SchemaValidation.problems(this, value, null);
    }

    /// As [#problems(Object)], but what is wrong in a part that did not change is let pass.
    public List<SchemaProblem> problems(Object value, Correlation correlation) {
        return SchemaValidation.problems(this, value, correlation);
    }

    /// Elements and keys that are there twice, where the kind of a list forbids that.
    public List<SchemaProblem> repetitions(Object value) {
        return ListRules.problems(this, value);
    }

    /// Whether values of a type are checked by this format; a format that they are not checked by asks for nothing.
    public static boolean isFormat(String type, String format) {
        return switch (type) {
            case "", "string" -> Formats.isKnown(format);
            case "integer" -> format.equals("int32") || format.equals("int64");
            case "number" -> format.equals("float") || format.equals("double");
            default -> false;
        };
    }

    /// A value without what the schema does not know.
    ///
    /// @param resource whether it is an object of its own, with `apiVersion`, `kind` and `metadata`
    public Object pruned(Object value, boolean resource) {
        return Shaping.pruned(value, this, resource, Place.ROOT, place -> {});
    }

    /// What a member of an object is like; null when nothing is said of it.
    @Nullable Schema member(String name) {
        Schema property = properties.get(name);
        return property == null ? additional : property;
    }

    /// Whether null is a value that has to be taken away or replaced by the default.
    static boolean isUnwantedNull(@Nullable Object value, @Nullable Schema schema) {
        return value == JsonNull.NULL && schema != null && !schema.nullable;
    }
}
