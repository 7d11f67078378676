package io.j8s.apiserver.resources.apiextensions;

import com.google.re2j.PatternSyntaxException;
import io.j8s.apiserver.status.FieldError;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.schema.RegularExpression;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What makes a schema structural ("Specifying a structural schema" in the documentation of CustomResourceDefinitions): each value has one type, stated outside of
/// `allOf`, `anyOf`, `oneOf` and `not`, which restrict only what is stated outside of them.
final class StructuralRules {

    private enum Level { ROOT, ITEM, FIELD }

    private static final List<?> INT_OR_STRING = List.of(Map.of("type", "integer"), Map.of("type", "string"));

    private final FieldErrors errors = new FieldErrors();

    private StructuralRules() {}

    /// What is wrong, in the order of its text.
    static List<FieldError> check(SchemaNode schema, FieldPath path) {
        StructuralRules rules = new StructuralRules();
        rules.invariants(schema, Level.ROOT, path);
        rules.completeness(schema, schema, path, path);
        List<FieldError> found = new ArrayList<>(rules.errors.list());
        found.sort(Comparator.comparing(FieldError::toString));
        return found;
    }

    static boolean isStructural(SchemaNode schema) {
        return schema.unsupportedAnywhere().isEmpty() && check(schema, FieldPath.of("")).isEmpty();
    }

    private void invariants(SchemaNode s, Level level, FieldPath path) {
        if (s.type().equals("array") && s.child("items") == null) {
            errors.required(path.child("items"), "must be specified");
        }
        SchemaNode items = s.child("items");
        if (items != null) {
            invariants(items, Level.ITEM, path.child("items"));
        }
        s.members("properties").forEach((name, property) -> invariants(property, Level.FIELD, path.child("properties").key(name)));
        additional(s, level, path);
        extensions(s, path);
        values(s, isIntOrString(s.list("anyOf")), isIntOrStringInAllOf(s), path);
        type(s, level, path);
        metadata(s, level, path);
        if (s.embeddedResource() && !s.preservesUnknown() && s.members("properties").isEmpty()) {
            errors.required(path.child("properties"), "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields");
        }
    }

    private void additional(SchemaNode s, Level level, FieldPath path) {
        if (!s.has("additionalProperties")) {
            return;
        }
        if (level == Level.ROOT) {
            errors.forbidden(path.child("additionalProperties"), "must not be used at the root");
        }
        SchemaNode schema = s.child("additionalProperties");
        if (schema != null) {
            invariants(schema, Level.FIELD, path.child("additionalProperties"));
        }
    }

    private void extensions(SchemaNode s, FieldPath path) {
        if (s.intOrString() && s.preservesUnknown()) {
            errors.invalid(path.child("x-kubernetes-preserve-unknown-fields"), true, "must be false if x-kubernetes-int-or-string is true");
        }
        if (s.intOrString() && s.embeddedResource()) {
            errors.invalid(path.child("x-kubernetes-embedded-resource"), true, "must be false if x-kubernetes-int-or-string is true");
        }
    }

    private void type(SchemaNode s, Level level, FieldPath path) {
        FieldPath type = path.child("type");
        if (s.embeddedResource() && !s.type().equals("object")) {
            if (s.type().isEmpty()) {
                errors.required(type, "must be object if x-kubernetes-embedded-resource is true");
            } else {
                errors.invalid(type, s.type(), "must be object if x-kubernetes-embedded-resource is true");
            }
        } else if (s.type().isEmpty() && !s.intOrString() && !s.preservesUnknown()) {
            errors.required(type, switch (level) {
                case ROOT -> "must not be empty at the root";
                case ITEM -> "must not be empty for specified array items";
                case FIELD -> "must not be empty for specified object fields";
            });
        }
        if (s.embeddedResource() && s.has("additionalProperties")) {
            errors.forbidden(path.child("additionalProperties"), "must not be used if x-kubernetes-embedded-resource is set");
        }
        if (level == Level.ROOT && !s.type().isEmpty() && !s.type().equals("object")) {
            errors.invalid(type, s.type(), "must be object at the root");
        }
    }

    private void metadata(SchemaNode s, Level level, FieldPath path) {
        Map<String, SchemaNode> properties = s.members("properties");
        boolean resource = level == Level.ROOT || s.embeddedResource();
        for (String name : List.of("kind", "apiVersion")) {
            SchemaNode property = properties.get(name);
            if (resource && property != null && !property.type().equals("string")) {
                errors.invalid(path.child("properties").key(name).child("type"), property.type(), "must be string");
            }
        }
        SchemaNode metadata = properties.get("metadata");
        if (metadata == null) {
            return;
        }
        FieldPath here = path.child("properties").key("metadata");
        if (resource && !metadata.type().equals("object")) {
            errors.invalid(here.child("type"), metadata.type(), "must be object");
        }
        if (level == Level.ROOT && restrictsMore(metadata)) {
            errors.forbidden(here, "must not specify anything other than name and generateName, but metadata is implicitly specified");
        }
    }

    /// Whether the schema of an object's metadata says more than what names must be like.
    private static boolean restrictsMore(SchemaNode metadata) {
        Map<Object, Object> rest = new HashMap<>(metadata.json());
        rest.remove("type");
        rest.remove("default");
        if (Set.of("name", "generateName").containsAll(metadata.members("properties").keySet())) {
            rest.remove("properties");
        }
        rest.values().removeIf(value -> value == null || value.equals(false) || value.equals("") || value instanceof List<?> list && list.isEmpty());
        return !rest.isEmpty();
    }

    private static boolean isIntOrString(List<?> anyOf) {
        return anyOf.equals(INT_OR_STRING);
    }

    private static boolean isIntOrStringInAllOf(SchemaNode s) {
        List<SchemaNode> allOf = s.children("allOf");
        return !allOf.isEmpty() && isIntOrString(allOf.getFirst().list("anyOf"));
    }

    // ---- what restricts values

    private void values(SchemaNode v, boolean skipAnyOf, boolean skipAnyOfInFirst, FieldPath path) {
        List<SchemaNode> anyOf = skipAnyOf ? List.of() : v.children("anyOf");
        for (int i = 0; i < anyOf.size(); i++) {
            nested(anyOf.get(i), false, path.child("anyOf").index(i));
        }
        List<SchemaNode> allOf = v.children("allOf");
        for (int i = 0; i < allOf.size(); i++) {
            nested(allOf.get(i), skipAnyOfInFirst && i == 0, path.child("allOf").index(i));
        }
        List<SchemaNode> oneOf = v.children("oneOf");
        for (int i = 0; i < oneOf.size(); i++) {
            nested(oneOf.get(i), false, path.child("oneOf").index(i));
        }
        SchemaNode not = v.child("not");
        if (not != null) {
            nested(not, false, path.child("not"));
        }
        String pattern = v.text("pattern");
        if (!pattern.isEmpty()) {
            try {
                RegularExpression.compile(pattern);
            } catch (PatternSyntaxException e) {
                errors.invalid(path.child("pattern"), pattern, "must be a valid regular expression, but isn't: " + e.getMessage());
            }
        }
    }

    private void nested(SchemaNode v, boolean skipAnyOf, FieldPath path) {
        values(v, skipAnyOf, false, path);
        SchemaNode items = v.child("items");
        if (items != null) {
            nested(items, false, path.child("items"));
        }
        v.members("properties").forEach((name, property) -> nested(property, false, path.child("properties").key(name)));
        if (v.child("additionalProperties") != null || v.flag("additionalProperties")) {
            errors.forbidden(path.child("additionalProperties"), "must be undefined to be structural");
        }
        forbidden(v, "type", "must be empty to be structural", path);
        forbidden(v, "default", "must be undefined to be structural", path);
        forbidden(v, "title", "must be empty to be structural", path);
        forbidden(v, "description", "must be empty to be structural", path);
        forbidden(v, "nullable", "must be false to be structural", path);
        forbidden(v, "x-kubernetes-preserve-unknown-fields", "must be false to be structural", path);
        forbidden(v, "x-kubernetes-embedded-resource", "must be false to be structural", path);
        forbidden(v, "x-kubernetes-int-or-string", "must be false to be structural", path);
        forbidden(v, "x-kubernetes-list-map-keys", "must be empty to be structural", path);
        forbidden(v, "x-kubernetes-list-type", "must be undefined to be structural", path);
        forbidden(v, "x-kubernetes-map-type", "must be undefined to be structural", path);
        forbidden(v, "x-kubernetes-validations", "must be empty to be structural", path);
        if (v.members("properties").containsKey("metadata")) {
            errors.forbidden(path.child("properties").key("metadata"), "must not be specified in a nested context");
        }
    }

    private void forbidden(SchemaNode v, String key, String detail, FieldPath path) {
        Object value = v.value(key);
        if (value == null || value.equals(false) || value instanceof List<?> list && list.isEmpty()) {
            return;
        }
        if (!value.equals("") || key.startsWith("x-") || key.equals("default")) {
            errors.forbidden(path.child(key), detail);
        }
    }

    // ---- completeness: what is restricted must be stated

    private void completeness(SchemaNode v, @Nullable SchemaNode s, FieldPath statedAt, FieldPath path) {
        if (s == null) {
            errors.required(statedAt, "because it is defined in " + path);
            return;
        }
        SchemaNode not = v.child("not");
        if (not != null) {
            nestedCompleteness(not, s, statedAt, path.child("not"));
        }
        for (String key : List.of("allOf", "anyOf", "oneOf")) {
            List<SchemaNode> children = v.children(key);
            for (int i = 0; i < children.size(); i++) {
                nestedCompleteness(children.get(i), s, statedAt, path.child(key).index(i));
            }
        }
    }

    private void nestedCompleteness(SchemaNode v, @Nullable SchemaNode s, FieldPath statedAt, FieldPath path) {
        if (s == null) {
            errors.required(statedAt, "because it is defined in " + path);
            return;
        }
        completeness(v, s, statedAt, path);
        SchemaNode items = v.child("items");
        if (items != null) {
            nestedCompleteness(items, s.child("items"), statedAt.child("items"), path.child("items"));
        }
        Map<String, SchemaNode> stated = s.members("properties");
        v.members("properties").forEach((name, property) -> nestedCompleteness(
                property, stated.get(name), statedAt.child("properties").key(name), path.child("properties").key(name)));
    }
}
