package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.cel.RuleTree;
import io.j8s.apiserver.resource.EmbeddedObjects;
import io.j8s.apiserver.status.CustomProblems;
import io.j8s.apiserver.status.FieldError;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.schema.Schema;
import io.j8s.model.schema.SchemaProblem;
import java.util.List;

/// Defaults must themselves be what the schema asks for, and hold nothing that would be pruned.
final class DefaultRules {

    private final boolean pruned;
    private final FieldErrors errors;

    private DefaultRules(boolean pruned, FieldErrors errors) {
        this.pruned = pruned;
        this.errors = errors;
    }

    /// @param pruned whether unknown fields in defaults are refused
    static void check(SchemaNode schema, FieldPath path, boolean pruned, FieldErrors errors) {
        if (schema.any(s -> s.has("default"))) {
            new DefaultRules(pruned, errors).node(Schema.of(schema.json()), path, true, false);
        }
    }

    static boolean hasUnpruned(SchemaNode schema) {
        return schema.any(s -> s.has("default")) && hasUnpruned(Schema.of(schema.json()));
    }

    private static boolean hasUnpruned(Schema s) {
        Object value = s.defaultValue();
        return value != null && !s.pruned(value, s.embeddedResource()).equals(value)
                || s.items() != null && hasUnpruned(s.items())
                || s.properties().values().stream().anyMatch(DefaultRules::hasUnpruned);
    }

    private void node(Schema s, FieldPath path, boolean root, boolean insideMetadata) {
        Object value = s.defaultValue();
        boolean resource = root || s.embeddedResource();
        if (value != null) {
            value(s, value, path.child("default"), resource, insideMetadata);
        }
        Schema items = s.items();
        if (items != null) {
            node(items, path.child("items"), false, insideMetadata);
        }
        s.properties().forEach((name, property) -> node(
                property, path.child("properties").key(name), false,
                insideMetadata && !resource || resource && (name.equals("metadata") || name.equals("apiVersion") || name.equals("kind"))));
    }

    private void value(Schema s, Object value, FieldPath path, boolean resource, boolean insideMetadata) {
        if (pruned && !insideMetadata && !s.pruned(value, resource).equals(value)) {
            errors.invalid(path, value, "must not have unknown fields");
        }
        List<FieldError> embedded = EmbeddedObjects.check(s, value, path.toString(), resource);
        errors.addAll(embedded);
        if (embedded.isEmpty()) {
            List<SchemaProblem> problems = s.problems(value);
            problems.forEach(problem -> errors.add(CustomProblems.error(problem, path)));
            RuleTree rules = problems.isEmpty() ? RuleTree.of(s, resource) : null;
            if (rules != null) {
                expressions(rules, value, path);
            }
        }
    }

    /// Rules hold for a default as the value before, and as a new value.
    private void expressions(RuleTree rules, Object value, FieldPath path) {
        List<FieldError> unchanged = rules.check(value, value, null, path.toString(), warning -> {});
        errors.addAll(unchanged);
        if (unchanged.isEmpty()) {
            errors.addAll(rules.check(value, null, null, path.toString(), warning -> {}));
        }
    }
}
