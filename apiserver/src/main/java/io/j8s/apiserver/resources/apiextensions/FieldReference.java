package io.j8s.apiserver.resources.apiextensions;

import io.j8s.model.schema.FieldPaths;
import io.j8s.model.schema.Schema;
import org.jspecify.annotations.Nullable;

/// A path to a field that a schema states (`.spec.replicas`, `.labels['a.b']`), as rules and selectable fields name them.
///
/// @param text the path in the form of causes
/// @param schema what the path leads to; null for anything
record FieldReference(String text, @Nullable Schema schema) {

    /// @throws IllegalArgumentException when it leads to no stated field: the message says why
    static FieldReference of(String path, SchemaNode schema, boolean subscripts) {
        FieldPaths.Found found = FieldPaths.find(path, Schema.of(schema.json()), subscripts);
        return new FieldReference(found.text(), found.schema());
    }

    static boolean isValid(String path, SchemaNode schema) {
        try {
            of(path, schema, true);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
