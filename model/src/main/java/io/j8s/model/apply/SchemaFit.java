package io.j8s.model.apply;

import io.j8s.model.FieldTree;
import io.j8s.model.PathElement;
import io.j8s.model.apply.MergeSchema.Message;
import io.j8s.model.apply.MergeSchema.Node;
import io.j8s.model.apply.MergeSchema.Part;
import org.jspecify.annotations.Nullable;

/// Brings sets of fields and schemas together.
@SuppressWarnings("ReferenceEquality") // a set that fits stays the very same
final class SchemaFit {

    private SchemaFit() {}

    /// The set as it would be had the schema always been what it is now: what merged by parts when the set was written but is a whole now is owned as a whole.
    static FieldTree reconciled(Node node, FieldTree fields) {
        FieldTree.Builder out = new FieldTree.Builder();
        boolean changed = false;
        for (int i = 0; i < fields.width(); i++) {
            PathElement step = fields.element(i);
            FieldTree below = fields.below(i);
            Node inner = inner(node, step);
            boolean whole = inner instanceof MergeSchema.Leaf && !below.isEmpty();
            FieldTree fitting = whole ? FieldTree.EMPTY : inner == null || below.isEmpty() ? below : reconciled(inner, below);
            changed |= fitting != below;
            out.add(step, fields.isMember(i) || whole, fitting);
        }
        return changed ? out.build() : fields;
    }

    /// The set with every declared field a member that has members below it.
    static FieldTree withNamedFields(@Nullable Node node, FieldTree fields) {
        FieldTree.Builder out = new FieldTree.Builder();
        for (int i = 0; i < fields.width(); i++) {
            PathElement step = fields.element(i);
            boolean named = node instanceof Message message && step instanceof PathElement.Name(String name) && message.part(name) != null;
            FieldTree below = fields.below(i);
            out.add(step, fields.isMember(i) || named && !below.isEmpty(), withNamedFields(node == null ? null : inner(node, step), below));
        }
        return out.build();
    }

    /// How the value behind a step merges; null where the schema says nothing.
    private static @Nullable Node inner(Node node, PathElement step) {
        return switch (node) {
            case Message message -> {
                Part part = step instanceof PathElement.Name(String name) ? message.part(name) : null;
                yield part != null ? part.node() : message.type.preservesUnknown() ? MergeSchema.Open.VALUE : null;
            }
            case MergeSchema.Entries entries -> step instanceof PathElement.Name ? entries.value() : null;
            case MergeSchema.Keyed keyed -> step instanceof PathElement.Key ? MergeSchema.element(keyed) : null;
            case MergeSchema.Open open -> open;
            case MergeSchema.Leaf _, MergeSchema.Distinct _ -> null;
        };
    }
}
