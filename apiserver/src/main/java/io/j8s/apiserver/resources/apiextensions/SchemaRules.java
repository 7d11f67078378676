package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules for each node of a definition's schema: what is supported, and how the extensions of Kubernetes go together. Rules in CEL are compiled by
/// [ExpressionRules] once nothing else is wrong at a node and below.
final class SchemaRules {

    private static final Set<String> TYPES = Set.of("string", "number", "integer", "boolean", "array", "object");
    private static final Set<String> META = Set.of("metadata", "kind", "apiVersion");
    private static final Set<String> MAP_TYPES = Set.of("atomic", "granular");
    private static final Set<String> LIST_TYPES = Set.of("atomic", "set", "map");

    private final Tolerance tolerance;
    private final FieldErrors errors = new FieldErrors();
    private final FieldErrors expressionErrors = new FieldErrors();

    /// What an update may leave wrong because the older state has it already.
    record Tolerance(boolean anyType, boolean granularSets, boolean looseMapKeys) {
        static final Tolerance NONE = new Tolerance(false, false, false);

        static Tolerance of(List<SchemaNode> old) {
            return new Tolerance(
                    old.stream().anyMatch(schema -> schema.any(s -> !s.type().isEmpty() && !TYPES.contains(s.type()))),
                    old.stream().anyMatch(schema -> schema.any(SchemaRules::isGranularSet)),
                    old.stream().anyMatch(schema -> schema.any(s -> {
                        FieldErrors found = new FieldErrors();
                        mapKeys(s, FieldPath.of(""), found);
                        return !found.isEmpty();
                    })));
        }
    }

    /// What holds at a node because of the nodes above.
    ///
    /// @param noDefaults why it may have no default; null when it may
    /// @param uncorrelatable the nearest node above whose parts cannot be told apart between two states of an object; null for none
    private record Place(boolean insideMetadata, @Nullable String noDefaults, @Nullable FieldPath uncorrelatable) {
        static final Place ROOT = new Place(false, null, null);

        Place withoutDefaults(String why) {
            return new Place(insideMetadata, why, uncorrelatable);
        }

        Place insideOfMetadata() {
            return new Place(true, noDefaults, uncorrelatable);
        }

        Place uncorrelatableAt(FieldPath path) {
            return uncorrelatable == null ? new Place(insideMetadata, noDefaults, path) : this;
        }
    }

    private SchemaRules(Tolerance tolerance) {
        this.tolerance = tolerance;
    }

    /// @param expressions compiles the rules; null when that is not to be tried because the schema is not structural
    static void check(SchemaNode schema, FieldPath path, Tolerance tolerance, @Nullable ExpressionRules expressions, FieldErrors errors) {
        SchemaRules rules = new SchemaRules(tolerance);
        rules.node(schema, path, Place.ROOT, true, expressions == null ? null : expressions.root());
        errors.addAll(rules.errors.list());
        errors.addAll(rules.expressionErrors.list());
    }

    private void node(SchemaNode s, FieldPath path, Place place, boolean root, ExpressionRules.@Nullable Node expressions) {
        int before = errors.size();
        supported(s, path, place);
        if (s.flag("uniqueItems")) {
            errors.forbidden(path.child("uniqueItems"), "uniqueItems cannot be set to true since the runtime complexity becomes quadratic");
        }
        below(s, path, place, root, expressions);
        extensions(s, path);
        statedRules(s, path);
        if (errors.size() == before && expressions != null) {
            expressions.compile(path, place.uncorrelatable, expressionErrors);
        }
    }

    private void supported(SchemaNode s, FieldPath path, Place place) {
        if (!tolerance.anyType && !s.type().isEmpty() && !TYPES.contains(s.type())) {
            errors.notSupported(path.child("type"), s.type(), TYPES);
        }
        if (s.has("default") && place.noDefaults != null) {
            errors.forbidden(path.child("default"), ("must not be set " + place.noDefaults).strip());
        }
        forbidden(s, "id", path);
        forbidden(s, "additionalItems", path);
        forbidden(s, "patternProperties", path);
        forbidden(s, "definitions", path);
        forbidden(s, "dependencies", path);
        if (s.json().get("$ref") instanceof String) {
            errors.forbidden(path.child("$ref"), "$ref is not supported");
        }
        if (s.type().equals("null")) {
            errors.forbidden(path.child("type"), "type cannot be set to null, use nullable as an alternative");
        }
        if (!s.list("items").isEmpty()) {
            errors.forbidden(path.child("items"), "items must be a schema object and not an array");
        }
        if (place.insideMetadata && s.embeddedResource()) {
            errors.forbidden(path.child("x-kubernetes-embedded-resource"), "must not be used inside of resource meta");
        }
    }

    private void forbidden(SchemaNode s, String key, FieldPath path) {
        Object value = s.value(key);
        boolean empty = value == null || value.equals("") || value instanceof Map<?, ?> map && map.isEmpty() && !key.equals("additionalItems");
        if (!empty) {
            errors.forbidden(path.child(key), key + " is not supported");
        }
    }

    private void below(SchemaNode s, FieldPath path, Place place, boolean root, ExpressionRules.@Nullable Node expressions) {
        additional(s, path, place, expressions);
        s.members("properties").forEach((name, property) -> {
            Place inside = s.text("x-kubernetes-map-type").isEmpty() || MAP_TYPES.contains(s.text("x-kubernetes-map-type")) ? place : place.uncorrelatableAt(path);
            if ((root || s.embeddedResource()) && META.contains(name)) {
                inside = inside.insideOfMetadata();
                inside = root ? inside.withoutDefaults("in top-level " + name) : inside;
            }
            node(property, path.child("properties").key(name), inside, false, expressions == null ? null : expressions.property(name, property));
        });
        SchemaNode not = s.child("not");
        if (not != null) {
            node(not, path.child("not"), place, false, null);
        }
        for (String key : List.of("allOf", "oneOf", "anyOf")) {
            List<SchemaNode> children = s.children(key);
            for (int i = 0; i < children.size(); i++) {
                node(children.get(i), path.child(key).index(i), place, false, null);
            }
        }
        s.members("definitions").forEach((name, definition) -> node(definition, path.child("definitions").key(name), place, false, null));
        items(s, path, place, expressions);
        s.members("dependencies").forEach((name, dependency) -> node(dependency, path.child("dependencies").key(name), place, false, null));
    }

    private void additional(SchemaNode s, FieldPath path, Place place, ExpressionRules.@Nullable Node expressions) {
        SchemaNode schema = s.child("additionalProperties");
        boolean forbidden = Boolean.FALSE.equals(s.json().get("additionalProperties"));
        if (!s.members("properties").isEmpty() && (schema != null || forbidden)) {
            errors.forbidden(path.child("additionalProperties"), "additionalProperties and properties are mutual exclusive");
        }
        if (schema != null) {
            Place inside = place.insideMetadata ? place.withoutDefaults("inside additionalProperties applying to object metadata") : place;
            node(schema, path.child("additionalProperties"), inside, false, expressions == null ? null : expressions.additional(schema));
        }
    }

    private void items(SchemaNode s, FieldPath path, Place place, ExpressionRules.@Nullable Node expressions) {
        Place inside = s.text("x-kubernetes-list-type").equals("map") ? place : place.uncorrelatableAt(path);
        SchemaNode items = s.child("items");
        if (items != null) {
            node(items, path.child("items"), inside, false, expressions == null ? null : expressions.items(items));
        }
        List<SchemaNode> several = s.children("items");
        for (int i = 0; i < several.size(); i++) {
            node(several.get(i), path.child("items").index(i), inside, false, expressions == null ? null : expressions.items(several.get(i)));
        }
    }

    // ---- the extensions of Kubernetes

    private void extensions(SchemaNode s, FieldPath path) {
        if (Boolean.FALSE.equals(s.json().get("x-kubernetes-preserve-unknown-fields"))) {
            errors.invalid(path.child("x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined");
        }
        mapType(s, path);
        listType(s, path);
        if (s.text("x-kubernetes-list-type").equals("map")) {
            listOfMaps(s, path);
        }
        if (!tolerance.looseMapKeys) {
            mapKeys(s, path, errors);
        }
    }

    private void mapType(SchemaNode s, FieldPath path) {
        if (!s.has("x-kubernetes-map-type")) {
            return;
        }
        needsType(s, "object", "must be object if x-kubernetes-map-type is specified", path);
        if (!MAP_TYPES.contains(s.text("x-kubernetes-map-type"))) {
            errors.notSupported(path.child("x-kubernetes-map-type"), s.text("x-kubernetes-map-type"), MAP_TYPES);
        }
    }

    private boolean needsType(SchemaNode s, String type, String detail, FieldPath path) {
        if (s.type().equals(type)) {
            return false;
        }
        if (s.type().isEmpty()) {
            errors.required(path.child("type"), detail);
        } else {
            errors.invalid(path.child("type"), s.type(), detail);
        }
        return true;
    }

    private void listType(SchemaNode s, FieldPath path) {
        String listType = s.text("x-kubernetes-list-type");
        boolean stated = s.has("x-kubernetes-list-type");
        if (stated && !needsType(s, "array", "must be array if x-kubernetes-list-type is specified", path) && !tolerance.granularSets && isGranularSet(s)) {
            boolean lists = s.child("items") instanceof SchemaNode items && items.type().equals("array");
            errors.invalid(path.child("items").child(lists ? "x-kubernetes-list-type" : "x-kubernetes-map-type"), "",
                    "must be atomic as item of a list with x-kubernetes-list-type=set");
        }
        if (stated && !LIST_TYPES.contains(listType)) {
            errors.notSupported(path.child("x-kubernetes-list-type"), listType, LIST_TYPES);
        }
        if (!s.list("x-kubernetes-list-map-keys").isEmpty()) {
            if (!stated) {
                errors.required(path.child("x-kubernetes-list-type"), "must be map if x-kubernetes-list-map-keys is non-empty");
            } else if (!listType.equals("map")) {
                errors.invalid(path.child("x-kubernetes-list-type"), listType, "must be map if x-kubernetes-list-map-keys is non-empty");
            }
        }
    }

    private static boolean isGranularSet(SchemaNode s) {
        SchemaNode items = s.child("items");
        if (!s.text("x-kubernetes-list-type").equals("set") || items == null) {
            return false;
        }
        return switch (items.type()) {
            case "array" -> items.has("x-kubernetes-list-type") && !items.text("x-kubernetes-list-type").equals("atomic");
            case "object" -> !items.text("x-kubernetes-map-type").equals("atomic");
            default -> false;
        };
    }

    private void listOfMaps(SchemaNode s, FieldPath path) {
        List<?> keys = s.list("x-kubernetes-list-map-keys");
        FieldPath keysPath = path.child("x-kubernetes-list-map-keys");
        if (keys.isEmpty()) {
            errors.required(keysPath, "must not be empty if x-kubernetes-list-type is map");
        }
        SchemaNode items = s.child("items");
        if (!s.has("items")) {
            errors.required(path.child("items"), "must have a schema if x-kubernetes-list-type is map");
        } else if (items == null) {
            errors.invalid(path.child("items"), "", "must only have a single schema if x-kubernetes-list-type is map");
        } else if (!items.type().equals("object")) {
            errors.invalid(path.child("items").child("type"), items.type(), "must be object if parent array's x-kubernetes-list-type is map");
        } else {
            Set<Object> seen = new HashSet<>();
            Map<String, SchemaNode> properties = items.members("properties");
            for (Object key : keys) {
                SchemaNode property = properties.get(String.valueOf(key));
                if (property == null) {
                    errors.invalid(keysPath, keys, "entries must all be names of item properties");
                } else if (property.type().equals("array") || property.type().equals("object")) {
                    errors.invalid(path.child("items").child("properties").key(String.valueOf(key)).child("type"), items.type(),
                            "must be a scalar type if parent array's x-kubernetes-list-type is map");
                }
                if (!seen.add(key)) {
                    errors.invalid(keysPath, keys, "must not contain duplicate entries");
                }
            }
        }
    }

    /// Elements of sets and maps, and keys, cannot be null; keys are always there.
    private static void mapKeys(SchemaNode s, FieldPath path, FieldErrors errors) {
        String listType = s.text("x-kubernetes-list-type");
        SchemaNode items = s.child("items");
        if (items == null || !listType.equals("set") && !listType.equals("map")) {
            return;
        }
        if (items.flag("nullable")) {
            errors.forbidden(path.child("items").child("nullable"), "cannot be nullable when x-kubernetes-list-type is " + listType);
        }
        if (listType.equals("map")) {
            Map<String, SchemaNode> properties = items.members("properties");
            for (Object key : s.list("x-kubernetes-list-map-keys")) {
                SchemaNode property = properties.get(String.valueOf(key));
                if (property == null) {
                    continue;
                }
                FieldPath here = path.child("items").child("properties").key(String.valueOf(key));
                if (!items.list("required").contains(key) && !property.has("default")) {
                    errors.required(here.child("default"), "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property");
                }
                if (property.flag("nullable")) {
                    errors.forbidden(here.child("nullable"), "this property is in x-kubernetes-list-map-keys, so it cannot be nullable");
                }
            }
        }
    }

    // ---- rules, as they are stated

    private void statedRules(SchemaNode s, FieldPath path) {
        List<SchemaNode> rules = s.children("x-kubernetes-validations");
        for (int i = 0; i < rules.size(); i++) {
            statedRule(s, rules.get(i), path.child("x-kubernetes-validations").index(i));
        }
    }

    private void statedRule(SchemaNode s, SchemaNode rule, FieldPath path) {
        String message = rule.text("message");
        if (rule.text("rule").isBlank()) {
            errors.required(path.child("rule"), "rule is not specified");
        } else if (!message.isEmpty() && message.isBlank()) {
            errors.invalid(path.child("message"), message, "must be non-empty if specified");
        } else if (hasLineBreaks(message.strip())) {
            errors.invalid(path.child("message"), message, "must not contain line breaks");
        } else if (hasLineBreaks(rule.text("rule").strip()) && message.isBlank()) {
            errors.required(path.child("message"), "message must be specified if rule contains line breaks");
        }
        if (!rule.text("messageExpression").isEmpty() && rule.text("messageExpression").isBlank()) {
            errors.required(path.child("messageExpression"), "messageExpression must be non-empty if specified");
        }
        if (rule.has("reason") && !ExpressionRules.REASONS.contains(rule.text("reason"))) {
            errors.notSupported(path.child("reason"), rule.text("reason"), ExpressionRules.REASONS);
        }
        String fieldPath = rule.text("fieldPath");
        if (fieldPath.isEmpty()) {
            return;
        }
        if (fieldPath.isBlank()) {
            errors.invalid(path.child("fieldPath"), fieldPath, "must be non-empty if specified");
        }
        if (hasLineBreaks(fieldPath)) {
            errors.invalid(path.child("fieldPath"), fieldPath, "must not contain line breaks");
        }
        if (s.unsupportedAnywhere().isEmpty() && !FieldReference.isValid(fieldPath, s)) {
            errors.invalid(path.child("fieldPath"), fieldPath, "must be a valid path");
        }
    }

    private static boolean hasLineBreaks(String text) {
        return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
    }
}
