package io.j8s.model.apply;

import io.j8s.model.FieldTree;
import io.j8s.model.JsonNull;
import io.j8s.model.PathElement;
import io.j8s.model.Struct;
import io.j8s.model.apply.MergeSchema.Message;
import io.j8s.model.apply.MergeSchema.Node;
import io.j8s.model.apply.MergeSchema.Part;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The set of all fields that a value mentions: its leaves, the elements of its lists, the entries of its maps. Named fields of messages are members only
/// where they are leaves, null or empty.
final class FieldsOf {

    private FieldsOf() {}

    static FieldTree struct(Message type, Struct struct) {
        return message(type, struct);
    }

    /// @param object plain JSON
    static FieldTree plain(Message type, Map<String, Object> object) {
        return message(type, object);
    }

    private static FieldTree message(Message type, Object value) {
        FieldTree.Builder level = new FieldTree.Builder();
        if (value instanceof Struct struct) {
            for (Part part : type.parts()) {
                Object inner = part.in(struct);
                if (inner != null) {
                    addField(level, part, inner);
                }
            }
            struct.unknown().forEach((name, inner) -> addEntry(level, name, MergeSchema.Open.VALUE, inner));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((name, inner) -> {
                Part part = type.part((String) name);
                if (part != null) {
                    addField(level, part, inner);
                } else {
                    addEntry(level, (String) name, MergeSchema.Open.VALUE, inner);
                }
            });
        }
        return level.build();
    }

    private static void addField(FieldTree.Builder level, Part part, Object value) {
        boolean bare = value == JsonNull.NULL || isEmptyObject(part.node(), value);
        level.add(part.step(), bare || isLeaf(part.node(), value), below(part.node(), value));
    }

    private static void addEntry(FieldTree.Builder level, String name, Node node, Object value) {
        level.add(PathElement.name(name), true, below(node, value));
    }

    private static boolean isEmptyObject(Node node, Object value) {
        return switch (value) {
            case Map<?, ?> map -> map.isEmpty();
            case Struct struct -> node instanceof Message message && message.isBare(struct);
            default -> false;
        };
    }

    private static boolean isLeaf(Node node, Object value) {
        return switch (node) {
            case MergeSchema.Leaf _ -> true;
            case MergeSchema.Open _ -> !(value instanceof Map<?, ?>);
            case Message _, MergeSchema.Entries _, MergeSchema.Distinct _, MergeSchema.Keyed _ -> false;
        };
    }

    private static FieldTree below(Node node, @Nullable Object value) {
        return switch (node) {
            case MergeSchema.Leaf _ -> FieldTree.EMPTY;
            case Message message -> value == null ? FieldTree.EMPTY : message(message, value);
            case MergeSchema.Entries entries -> entries(entries.value(), value);
            case MergeSchema.Open open -> entries(open, value);
            case MergeSchema.Distinct _ -> elements(node, value);
            case MergeSchema.Keyed _ -> elements(node, value);
        };
    }

    private static FieldTree entries(Node node, @Nullable Object value) {
        FieldTree.Builder level = new FieldTree.Builder();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, inner) -> addEntry(level, (String) name, node, inner));
        }
        return level.build();
    }

    private static FieldTree elements(Node node, @Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            return FieldTree.EMPTY;
        }
        Set<PathElement> seen = new HashSet<>();
        Set<PathElement> twice = new HashSet<>();
        for (Object item : list) {
            PathElement step = step(node, item);
            if (!seen.add(step)) {
                twice.add(step);
            }
        }
        FieldTree.Builder level = new FieldTree.Builder();
        for (Object item : list) {
            PathElement step = step(node, item);
            boolean parts = node instanceof MergeSchema.Keyed keyed && !keyed.whole() && !twice.contains(step);
            level.add(step, true, parts ? below(MergeSchema.element(node), item) : FieldTree.EMPTY);
        }
        return level.build();
    }

    static PathElement step(Node node, Object item) {
        return node instanceof MergeSchema.Keyed keyed ? Steps.key(keyed, item) : Steps.distinct(item);
    }
}
