package io.j8s.model.apply;

import io.j8s.model.Field;
import io.j8s.model.FieldTree;
import io.j8s.model.JsonNull;
import io.j8s.model.PathElement;
import io.j8s.model.Recent;
import io.j8s.model.Struct;
import io.j8s.model.apply.MergeSchema.Message;
import io.j8s.model.apply.MergeSchema.Node;
import io.j8s.model.apply.MergeSchema.Part;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Which fields differ between two objects of one type.
///
/// @param removed fields that only the first has
/// @param modified fields that both have, with different values
/// @param added fields that only the second has
@SuppressWarnings("ReferenceEquality") // the same object twice has no differences
record Difference(FieldTree removed, FieldTree modified, FieldTree added) {

    private static final Difference NONE = new Difference(FieldTree.EMPTY, FieldTree.EMPTY, FieldTree.EMPTY);

    static Difference between(Message type, Struct before, Struct after) {
        return before == after ? NONE : messages(type, before, after);
    }

    /// The same, where parts of which the first has nothing may be known from other objects.
    ///
    /// @param known how parts differ from empty ones, by the part
    static Difference between(Message type, Struct before, Struct after, Recent<Struct, Difference> known) {
        if (before == after) {
            return NONE;
        }
        Level level = new Level();
        for (Part part : type.parts()) {
            Object old = part.in(before);
            Object its = part.in(after);
            boolean isNew = old instanceof Struct && old == part.implied();
            if (isNew && its instanceof Struct struct && !(struct instanceof ObjectMeta) && part.node() instanceof Message message && !message.isBare(struct)) {
                Difference below = known.of(struct);
                level.take(part.step(), old, its, below == null ? known.add(struct, messages(message, (Struct) old, struct)) : below);
            } else {
                level.compare(part.step(), part.node(), old, its);
            }
        }
        unknown(type, before, after, level);
        return level.build();
    }

    private static void unknown(Message type, @Nullable Struct before, @Nullable Struct after, Level level) {
        if (type.type.preservesUnknown()) {
            compareMaps(level, MergeSchema.Open.VALUE, before == null ? Map.of() : before.unknown(), after == null ? Map.of() : after.unknown());
        }
    }

    boolean isEmpty() {
        return removed.isEmpty() && modified.isEmpty() && added.isEmpty();
    }

    Difference filtered(UnaryOperator<FieldTree> filter) {
        return isEmpty() ? this : new Difference(filter.apply(removed), filter.apply(modified), filter.apply(added));
    }

    /// As if these fields were not removed.
    Difference keeping(FieldTree fields) {
        return removed.intersects(fields) ? new Difference(removed.difference(fields), modified, added) : this;
    }

    /// Fields that the second object sets anew.
    FieldTree written() {
        return modified.union(added);
    }

    /// Gathers the differences of one level.
    private static final class Level {
        private FieldTree.@Nullable Builder removed;
        private FieldTree.@Nullable Builder modified;
        private FieldTree.@Nullable Builder added;

        void compare(PathElement step, Node node, @Nullable Object before, @Nullable Object after) {
            if (before == after) {
                return;
            }
            if (isWhole(node, before, after)) {
                if (before == null) {
                    added = add(added, step, true, FieldTree.EMPTY);
                } else if (after == null) {
                    removed = add(removed, step, true, FieldTree.EMPTY);
                } else if (!Steps.equal(before, after)) {
                    modified = add(modified, step, true, FieldTree.EMPTY);
                }
                return;
            }
            take(step, before, after, Difference.below(node, before, after));
        }

        void take(PathElement step, @Nullable Object before, @Nullable Object after, Difference below) {
            removed = add(removed, step, after == null, below.removed);
            modified = add(modified, step, false, below.modified);
            added = add(added, step, before == null, below.added);
        }

        private static FieldTree.@Nullable Builder add(FieldTree.@Nullable Builder level, PathElement step, boolean member, FieldTree below) {
            if (!member && below.isEmpty()) {
                return level;
            }
            return (level == null ? new FieldTree.Builder() : level).add(step, member, below);
        }

        Difference build() {
            if (removed == null && modified == null && added == null) {
                return NONE;
            }
            return new Difference(build(removed), build(modified), build(added));
        }

        private static FieldTree build(FieldTree.@Nullable Builder level) {
            return level == null ? FieldTree.EMPTY : level.build();
        }
    }

    /// Whether the two values are compared as a whole: leaves, and whatever has nothing within on either side.
    private static boolean isWhole(Node node, @Nullable Object before, @Nullable Object after) {
        return switch (node) {
            case MergeSchema.Leaf _ -> true;
            case MergeSchema.Open _ -> !(before instanceof Map<?, ?> a && !a.isEmpty()) && !(after instanceof Map<?, ?> b && !b.isEmpty())
                    || !(before == null || before instanceof Map<?, ?>)
                    || !(after == null || after instanceof Map<?, ?>);
            case Message message -> isBare(message, before) && isBare(message, after);
            case MergeSchema.Entries _, MergeSchema.Distinct _, MergeSchema.Keyed _ -> isBare(before) && isBare(after);
        };
    }

    private static boolean isBare(Message message, @Nullable Object value) {
        return !(value instanceof Struct struct) || message.isBare(struct);
    }

    private static boolean isBare(@Nullable Object value) {
        return value == null || value == JsonNull.NULL || value instanceof Map<?, ?> map && map.isEmpty() || value instanceof List<?> list && list.isEmpty();
    }

    private static Difference below(Node node, @Nullable Object before, @Nullable Object after) {
        return switch (node) {
            case Message message -> messages(message, before instanceof Struct a ? a : null, after instanceof Struct b ? b : null);
            case MergeSchema.Entries entries -> maps(entries.value(), before, after);
            case MergeSchema.Open open -> maps(open, before, after);
            case MergeSchema.Distinct _, MergeSchema.Keyed _ -> lists(node, list(before), list(after));
            case MergeSchema.Leaf _ -> NONE;
        };
    }

    /// A list that is always written says the same with nothing in it as without being set.
    private static boolean isWrittenAsNull(Part part, @Nullable Object before, @Nullable Object after) {
        return part.field().presence() == Field.Presence.ALWAYS && (before == null) != (after == null)
                && (before instanceof List<?> a && a.isEmpty() || after instanceof List<?> b && b.isEmpty());
    }

    private static Difference messages(Message type, @Nullable Struct before, @Nullable Struct after) {
        Level level = new Level();
        for (Part part : type.parts()) {
            Object was = before == null ? null : part.in(before);
            Object is = after == null ? null : part.in(after);
            if (before == null || after == null || !isWrittenAsNull(part, was, is)) {
                level.compare(part.step(), part.node(), was, is);
            }
        }
        unknown(type, before, after, level);
        return level.build();
    }

    private static Difference maps(Node node, @Nullable Object before, @Nullable Object after) {
        Level level = new Level();
        compareMaps(level, node, before instanceof Map<?, ?> a ? a : Map.of(), after instanceof Map<?, ?> b ? b : Map.of());
        return level.build();
    }

    private static void compareMaps(Level level, Node node, Map<?, ?> before, Map<?, ?> after) {
        before.forEach((key, value) -> level.compare(PathElement.name((String) key), node, value, after.get(key)));
        after.forEach((key, value) -> {
            if (!before.containsKey(key)) {
                level.compare(PathElement.name((String) key), node, null, value);
            }
        });
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    /// Elements that are there more than once are one member, without anything below it.
    private static Difference lists(Node node, List<?> before, List<?> after) {
        if (before.equals(after)) {
            return NONE;
        }
        Map<PathElement, List<Object>> left = byStep(node, before);
        Map<PathElement, List<Object>> right = byStep(node, after);
        Map<PathElement, List<Object>> all = new TreeMap<>(left);
        right.forEach(all::putIfAbsent);
        Node element = MergeSchema.element(node);
        Level level = new Level();
        for (PathElement step : all.keySet()) {
            List<Object> a = left.getOrDefault(step, List.of());
            List<Object> b = right.getOrDefault(step, List.of());
            if (a.size() <= 1 && b.size() <= 1) {
                level.compare(step, element, a.isEmpty() ? null : a.getFirst(), b.isEmpty() ? null : b.getFirst());
            } else if (a.size() > 1 && b.size() > 1) {
                if (!a.equals(b)) {
                    level.modified = Level.add(level.modified, step, true, FieldTree.EMPTY);
                }
            } else if (a.size() > 1) {
                if (!b.isEmpty()) {
                    level.compare(step, element, null, b.getFirst());
                }
                level.removed = Level.add(level.removed, step, true, FieldTree.EMPTY);
            } else {
                if (!a.isEmpty()) {
                    level.compare(step, element, a.getFirst(), null);
                }
                level.added = Level.add(level.added, step, true, FieldTree.EMPTY);
            }
        }
        return level.build();
    }

    private static Map<PathElement, List<Object>> byStep(Node node, List<?> items) {
        Map<PathElement, List<Object>> result = LinkedHashMap.newLinkedHashMap(items.size());
        for (Object item : items) {
            PathElement step = node instanceof MergeSchema.Keyed keyed ? Steps.key(keyed, item) : Steps.distinct(item);
            List<Object> known = result.get(step);
            if (known == null) {
                result.put(step, List.of(item));
            } else {
                List<Object> longer = new ArrayList<>(known);
                longer.add(item);
                result.put(step, longer);
            }
        }
        return result;
    }
}
