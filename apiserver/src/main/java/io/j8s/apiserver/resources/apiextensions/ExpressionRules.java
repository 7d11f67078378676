package io.j8s.apiserver.resources.apiextensions;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles the rules of a schema and bounds what they cost.
final class ExpressionRules {

    static final Set<String> REASONS = Set.of("FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate");

    private final SchemaNode schema;

    /// @param old the schemas of the older state
    /// @param unchanged whether the schema is the older one: then it may cost what it does
    ExpressionRules(SchemaNode schema, List<SchemaNode> old, boolean unchanged) {
        this.schema = schema;
    }

    Node root() {
        return new Node(schema);
    }

    /// A node of the schema on the way down.
    static final class Node {
        private final SchemaNode schema;

        private Node(SchemaNode schema) {
            this.schema = schema;
        }

        Node property(String name, SchemaNode property) {
            return new Node(property);
        }

        Node items(SchemaNode items) {
            return new Node(items);
        }

        Node additional(SchemaNode additional) {
            return new Node(additional);
        }

        void compile(FieldPath path, @Nullable FieldPath uncorrelatable, FieldErrors errors) {
            schema.list("x-kubernetes-validations");
        }
    }

    void total(FieldPath path, FieldErrors errors) {}
}
