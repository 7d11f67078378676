package io.j8s.model.apply;

import io.j8s.model.Bytes;
import io.j8s.model.Field;
import io.j8s.model.IntOrString;
import io.j8s.model.FieldTree;
import io.j8s.model.JsonNull;
import io.j8s.model.PathElement;
import io.j8s.model.PlainJson;
import io.j8s.model.Quantity;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.apply.MergeSchema.Message;
import io.j8s.model.apply.MergeSchema.Node;
import io.j8s.model.apply.MergeSchema.Part;
import io.j8s.model.patch.PatchException;
import io.j8s.model.patch.Place;
import io.j8s.model.patch.PlainReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lays an applied configuration (plain JSON) over a live object. Nothing is taken away; what the configuration repeats stays the very same object.
@SuppressWarnings("ReferenceEquality") // what does not change stays the very same
final class Merge {

    private final PlainReader reader = new PlainReader(place -> {
        throw new PatchException(PatchException.Kind.INVALID_RESULT, place + ": field not declared in schema: remove it");
    }, true);

    private final List<PathElement> path = new ArrayList<>();
    private FieldTree rewritten = FieldTree.EMPTY;
    private @Nullable InvalidConfigurationException unreadable;

    private Merge() {}

    /// @param object the live object with the configuration over it
    /// @param rewritten what means the same as before but is written otherwise (another form of a quantity, an empty list for none, a null, an element without what the
    ///     server adds): upstream compares texts, so these count as changed
    /// @param unreadable a text that is not in the form its field wants (a quantity, a time, base64): upstream finds out only when nothing conflicts
    record Merged(Struct object, FieldTree rewritten, @Nullable InvalidConfigurationException unreadable) {}

    /// @throws InvalidConfigurationException naming the path of what does not fit the type
    static Merged over(Message type, Struct live, Map<String, Object> configuration) {
        Merge merge = new Merge();
        Struct object = merge.message(type, live, configuration);
        return new Merged(object, merge.rewritten, merge.unreadable);
    }

    private void rewritten() {
        rewritten = rewritten.union(FieldTree.of(List.copyOf(path)));
    }

    private Struct message(Message type, @Nullable Struct live, Map<?, ?> configuration) {
        Struct base = live == null ? type.type.empty() : live;
        Struct.Builder out = null;
        Map<String, Object> unknown = null;
        for (Map.Entry<?, ?> entry : configuration.entrySet()) {
            String name = (String) entry.getKey();
            Part part = type.part(name);
            if (part == null && !type.type.preservesUnknown()) {
                throw new InvalidConfigurationException("." + name + ": field not declared in schema: remove it");
            }
            Object before = part == null ? base.unknown().get(name) : base.get(part.field());
            Object after = within(PathElement.name(name), part == null ? MergeSchema.Open.VALUE : part.node(), before, entry.getValue());
            if (part != null && before == null && part.field().presence() == Field.Presence.ALWAYS && isZero(after)) {
                after = null;
            }
            if (part != null && isUnseen(part, before, entry.getValue(), after)) {
                path.add(PathElement.name(name));
                rewritten();
                path.removeLast();
            }
            if (after == before) {
                continue;
            }
            out = out == null ? base.toBuilder() : out;
            if (part != null) {
                out.set(part.field(), after);
            } else {
                unknown = unknown == null ? new LinkedHashMap<>(base.unknown()) : unknown;
                if (after == null) {
                    unknown.remove(name);
                } else {
                    unknown.put(name, after);
                }
            }
        }
        if (out == null) {
            return base;
        }
        return (unknown == null ? out : out.unknown(unknown)).build();
    }

    /// Whether the configuration says otherwise than the live object what cannot be seen from the two values: zero values that are kept like none, null.
    private static boolean isUnseen(Part part, @Nullable Object before, Object configured, @Nullable Object after) {
        boolean emptied = before != null && after != before && part.node() instanceof MergeSchema.Leaf && isZero(after);
        return switch (part.field().presence()) {
            case NULLABLE -> false;
            case EXPLICIT -> before == null && after == null;
            case ALWAYS -> emptied || before == null && configured == JsonNull.NULL && !(part.field().shape() instanceof Shape.ListOf || part.field().shape() instanceof Shape.MapOf);
            case OMIT_ZERO, OMIT_EMPTY -> emptied || before == null && isZero(after);
        };
    }

    private static boolean isZero(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case String text -> text.isEmpty();
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            case Boolean flag -> !flag;
            case Integer number -> number == 0;
            case Long number -> number == 0;
            case Struct struct -> struct.isEmpty();
            case IntOrString.Int number -> number.value() == 0;
            case Quantity quantity -> quantity.isZero();
            case Bytes bytes -> bytes.length() == 0;
            default -> false;
        };
    }

    private @Nullable Object within(PathElement step, Node node, @Nullable Object live, Object configured) {
        path.add(step);
        try {
            return value(node, live, configured);
        } catch (InvalidConfigurationException e) {
            throw e.within(step);
        } finally {
            path.removeLast();
        }
    }

    private @Nullable Object value(Node node, @Nullable Object live, Object configured) {
        if (configured == JsonNull.NULL) {
            return nothing(node, live);
        }
        return switch (node) {
            case MergeSchema.Leaf(Shape shape) -> leaf(shape, live, configured);
            case Message message -> message(message, live instanceof Struct struct ? struct : null, object(configured));
            case MergeSchema.Entries entries -> entries(entries.value(), live, object(configured));
            case MergeSchema.Open open -> configured instanceof Map<?, ?> map
                    ? entries(open, live, map)
                    : live != null && Steps.equal(live, configured) ? live : configured;
            case MergeSchema.Distinct _, MergeSchema.Keyed _ -> {
                if (!(configured instanceof List<?> list)) {
                    throw new InvalidConfigurationException("must be a list");
                }
                yield list.isEmpty() && live instanceof List<?> ? live : new ListMerge(node, live instanceof List<?> old ? old : List.of(), list).merge();
            }
        };
    }

    /// An explicit null clears what is one whole, and leaves alone what has parts.
    private @Nullable Object nothing(Node node, @Nullable Object live) {
        boolean hasParts = switch (node) {
            case MergeSchema.Leaf _ -> false;
            case MergeSchema.Open _ -> live instanceof Map<?, ?>;
            case Message _, MergeSchema.Entries _, MergeSchema.Distinct _, MergeSchema.Keyed _ -> live != null;
        };
        if (live != null && !hasParts) {
            rewritten();
        }
        return hasParts ? live : node == MergeSchema.Open.VALUE ? JsonNull.NULL : null;
    }

    private @Nullable Object leaf(Shape shape, @Nullable Object live, Object configured) {
        try {
            Object read = reader.value(shape, configured, Place.ROOT);
            Repeated.refuse(shape, read);
            if (live != null && Steps.equal(PlainJson.of(shape, live), configured)) {
                return live;
            }
            if (live != null && Steps.equal(live, read)) {
                rewritten();
                return live;
            }
            return read;
        } catch (PatchException e) {
            String text = String.valueOf(e.getMessage());
            var invalid = new InvalidConfigurationException(text.startsWith(": ") ? text.substring(2) : text.startsWith("[") ? text : "." + text);
            if (e.kind() != PatchException.Kind.INVALID_FORM) {
                throw invalid;
            }
            for (int i = path.size() - 1; i >= 0; i--) {
                invalid = invalid.within(path.get(i));
            }
            unreadable = unreadable == null ? invalid : unreadable;
            rewritten();
            return live;
        }
    }

    private static Map<?, ?> object(Object configured) {
        if (configured instanceof Map<?, ?> map) {
            return map;
        }
        throw new InvalidConfigurationException("must be an object");
    }

    private Object entries(Node node, @Nullable Object live, Map<?, ?> configured) {
        Map<?, ?> before = live instanceof Map<?, ?> map ? map : Map.of();
        Map<Object, Object> out = null;
        for (Map.Entry<?, ?> entry : configured.entrySet()) {
            Object old = before.get(entry.getKey());
            Object merged = within(PathElement.name((String) entry.getKey()), node, old, entry.getValue());
            if (merged == old && (merged != null || before.containsKey(entry.getKey()))) {
                continue;
            }
            out = out == null ? new LinkedHashMap<>(before) : out;
            if (merged == null && node instanceof MergeSchema.Leaf(Shape.Scalar scalar) && (scalar == Shape.Scalar.STRING || scalar == Shape.Scalar.QUANTITY)) {
                out.put(entry.getKey(), scalar == Shape.Scalar.STRING ? "" : Quantity.ZERO);
            } else if (merged == null) {
                out.remove(entry.getKey());
            } else {
                out.put(entry.getKey(), merged);
            }
        }
        return out != null ? out : live instanceof Map<?, ?> ? live : Map.of();
    }

    /// Merges two lists whose elements can be told apart. Elements that only the live list has keep their places among the others; those of the configuration
    /// come in its order.
    private final class ListMerge {
        private final Node list;
        private final Node element;
        private final List<?> live;
        private final List<PathElement> liveSteps = new ArrayList<>();
        /// The live element of each step; null for a step that more than one has.
        private final Map<PathElement, @Nullable Object> liveByStep = new HashMap<>();
        private final Map<PathElement, Object> wanted = new LinkedHashMap<>();
        private final List<Object> out = new ArrayList<>();

        ListMerge(Node list, List<?> live, List<?> configured) {
            this.list = list;
            this.element = MergeSchema.element(list);
            this.live = live;
            for (Object item : live) {
                PathElement step = FieldsOf.step(list, item);
                liveSteps.add(step);
                liveByStep.put(step, liveByStep.containsKey(step) ? null : item);
            }
            for (int i = 0; i < configured.size(); i++) {
                try {
                    PathElement step = FieldsOf.step(list, configured.get(i));
                    if (wanted.putIfAbsent(step, configured.get(i)) != null) {
                        throw new InvalidConfigurationException("the element " + step + " is there twice: remove one");
                    }
                } catch (InvalidConfigurationException e) {
                    throw e.within("[" + i + "]");
                }
            }
        }

        List<?> merge() {
            List<PathElement> order = new ArrayList<>(wanted.keySet());
            List<PathElement> shared = order.stream().filter(liveByStep::containsKey).toList();
            Set<PathElement> done = new HashSet<>();
            int left = 0;
            int right = 0;
            int next = 0;
            while (left < live.size() || right < order.size()) {
                if (left < live.size()) {
                    PathElement step = liveSteps.get(left);
                    if (!wanted.containsKey(step)) {
                        out.add(live.get(left++));
                        continue;
                    }
                    boolean itsTurn = right < order.size() && step.equals(order.get(right));
                    boolean waits = right < order.size() && !itsTurn && next < shared.size() && !shared.get(next).equals(step);
                    if (waits || itsTurn || done.contains(step)) {
                        left++;
                    }
                    if (waits) {
                        continue;
                    }
                }
                if (right < order.size()) {
                    PathElement step = order.get(right++);
                    done.add(step);
                    add(step);
                    if (next < shared.size() && shared.get(next).equals(step)) {
                        next++;
                    }
                }
            }
            return sameAsLive() ? live : out;
        }

        private void add(PathElement step) {
            Object configured = wanted.get(step);
            Object merged = configured == null ? null : within(step, element, liveByStep.get(step), configured);
            if (merged != null) {
                out.add(merged);
            }
        }

        private boolean sameAsLive() {
            if (out.size() != live.size()) {
                return false;
            }
            for (int i = 0; i < out.size(); i++) {
                if (out.get(i) != live.get(i)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return list.toString();
        }
    }
}
