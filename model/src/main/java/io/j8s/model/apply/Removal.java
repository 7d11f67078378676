package io.j8s.model.apply;

import io.j8s.model.FieldTree;
import io.j8s.model.PathElement;
import io.j8s.model.Struct;
import io.j8s.model.apply.MergeSchema.Message;
import io.j8s.model.apply.MergeSchema.Node;
import io.j8s.model.apply.MergeSchema.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes fields out of a value. What is a member goes with everything below it; a list, map or message from which everything goes is not set any more.
@SuppressWarnings("ReferenceEquality") // what nothing is taken from stays the very same
final class Removal {

    private Removal() {}

    static Struct from(Message type, Struct struct, FieldTree fields) {
        if (fields.isEmpty()) {
            return struct;
        }
        Struct.Builder out = null;
        for (int i = 0; i < fields.width(); i++) {
            if (!(fields.element(i) instanceof PathElement.Name(String name))) {
                continue;
            }
            Part part = type.part(name);
            Object value = part == null ? null : struct.get(part.field());
            if (part == null || value == null) {
                continue;
            }
            Object left = fields.isMember(i) ? null : from(part.node(), value, fields.below(i));
            if (left != value) {
                out = out == null ? struct.toBuilder() : out;
                out.set(part.field(), left);
            }
        }
        if (!struct.unknown().isEmpty() && entries(MergeSchema.Open.VALUE, struct.unknown(), fields) instanceof Map<?, ?> left && left != struct.unknown()) {
            out = out == null ? struct.toBuilder() : out;
            out.unknown(unknown(left));
        }
        return out == null ? struct : out.build();
    }

    private static Map<String, Object> unknown(Map<?, ?> map) {
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((name, value) -> result.put((String) name, value));
        return result;
    }

    private static @Nullable Object from(Node node, Object value, FieldTree fields) {
        return switch (node) {
            // Something below a value that is one whole: the whole goes. Scalars have nothing below.
            case MergeSchema.Leaf _ -> value instanceof List<?> || value instanceof Map<?, ?> || value instanceof Struct ? null : value;
            case Message message -> {
                Struct left = value instanceof Struct struct ? from(message, struct, fields) : null;
                yield left != null && left != value && left.isEmpty() ? null : left;
            }
            case MergeSchema.Entries entries -> emptyToNull(entries(entries.value(), value, fields));
            case MergeSchema.Open open -> value instanceof Map<?, ?> ? emptyToNull(entries(open, value, fields)) : value instanceof List<?> ? null : value;
            case MergeSchema.Distinct _ -> elements(node, value, fields);
            case MergeSchema.Keyed _ -> elements(node, value, fields);
        };
    }

    private static @Nullable Object emptyToNull(Object value) {
        return value instanceof Map<?, ?> map && map.isEmpty() ? null : value;
    }

    private static Object entries(Node node, Object value, FieldTree fields) {
        if (!(value instanceof Map<?, ?> map)) {
            return value;
        }
        Map<Object, Object> left = new LinkedHashMap<>();
        boolean changed = false;
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            PathElement step = PathElement.name((String) entry.getKey());
            int place = fields.place(step);
            Object kept = entry.getValue();
            if (place >= 0) {
                kept = fields.isMember(place) ? null : from(node, kept, fields.below(place));
            }
            changed |= kept != entry.getValue();
            if (kept != null) {
                left.put(entry.getKey(), kept);
            }
        }
        return changed ? left : map;
    }

    private static @Nullable Object elements(Node node, Object value, FieldTree fields) {
        if (!(value instanceof List<?> list)) {
            return value;
        }
        List<Object> left = new ArrayList<>(list.size());
        boolean changed = false;
        for (Object item : list) {
            int place = fields.place(FieldsOf.step(node, item));
            Object kept = item;
            if (place >= 0) {
                kept = fields.isMember(place) ? null : from(MergeSchema.element(node), item, fields.below(place));
            }
            changed |= kept != item;
            if (kept != null) {
                left.add(kept);
            }
        }
        return !changed ? value : left.isEmpty() ? null : left;
    }
}
