package io.j8s.model.apply;

import io.j8s.model.Field;
import io.j8s.model.JsonNull;
import io.j8s.model.PathElement;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How the values of types merge, worked out once for each type. Share one instance: types refer to each other. Safe for many threads.
public final class MergeSchema {

    private final Map<Type, Message> messages = new ConcurrentHashMap<>();

    /// How one value merges.
    sealed interface Node {}

    /// As a whole: scalars, atomic lists, maps and messages.
    record Leaf(Shape shape) implements Node {}

    /// Entry by entry, whatever the keys.
    record Entries(Node value) implements Node {}

    /// How an element of a list merges.
    static Node element(Node list) {
        return switch (list) {
            case Keyed keyed -> keyed.whole() ? new Leaf(new Shape.Message(() -> keyed.element().type)) : keyed.element();
            case Distinct(Shape shape) -> new Leaf(shape);
            case Message _, Entries _, Leaf _, Open _ -> throw new IllegalStateException("not a list that merges: " + list);
        };
    }

    /// A list of distinct scalars.
    record Distinct(Shape element) implements Node {}

    /// A list of messages told apart by keys.
    ///
    /// @param whole whether an element merges as a whole
    record Keyed(Message element, List<String> keys, boolean whole) implements Node {}

    /// A value without a schema: objects merge entry by entry, everything else as a whole.
    enum Open implements Node { VALUE }

    /// One field of a message.
    ///
    /// @param implied the value that stands for "not set" where upstream's type always writes the field; null where it is left out
    record Part(Field field, PathElement step, Node node, @Nullable Object implied) {
        /// The value that counts: the field's own or the implied one; null for none.
        @Nullable Object in(Struct struct) {
            Object value = struct.get(field);
            if (field.presence() == Field.Presence.OMIT_EMPTY && value instanceof List<?> list && list.isEmpty()) {
                return null; // left out when it is written: nobody owns it
            }
            return value == null ? implied : value;
        }
    }

    /// Field by field.
    static final class Message implements Node {
        private final MergeSchema schema;
        final Type type;
        private volatile @Nullable Parts parts;

        private record Parts(Part[] sorted, Map<String, Part> byName, boolean implying) {}

        Message(MergeSchema schema, Type type) {
            this.schema = schema;
            this.type = type;
        }

        /// Ordered by name, as sets of fields are.
        Part[] parts() {
            return resolved().sorted;
        }

        @Nullable Part part(String name) {
            return resolved().byName.get(name);
        }

        /// Whether a value shows no fields at all.
        boolean isBare(Struct struct) {
            return struct.isEmpty() && !resolved().implying;
        }

        private Parts resolved() {
            Parts known = parts;
            if (known == null) {
                known = resolve();
                parts = known;
            }
            return known;
        }

        private Parts resolve() {
            Map<String, Part> byName = new HashMap<>();
            boolean implying = false;
            for (Field field : type.fields()) {
                Object implied = implied(field);
                implying |= implied != null;
                byName.put(field.name(), new Part(field, PathElement.name(field.name()), schema.node(field), implied));
            }
            Part[] sorted = byName.values().stream().sorted(Comparator.comparing(part -> part.field().name())).toArray(Part[]::new);
            return new Parts(sorted, byName, implying);
        }
    }

    Message message(Type type) {
        return messages.computeIfAbsent(type, t -> new Message(this, t));
    }

    private Node node(Field field) {
        return switch (field.shape()) {
            case Shape.Scalar.JSON -> Open.VALUE;
            case Shape.Scalar _ -> new Leaf(field.shape());
            case Shape.Message(var supplier) -> field.mapKind() == Field.MapKind.ATOMIC ? new Leaf(field.shape()) : message(supplier.get());
            case Shape.MapOf(Shape value) -> field.mapKind() == Field.MapKind.ATOMIC ? new Leaf(field.shape()) : new Entries(node(value));
            case Shape.ListOf(Shape element) -> switch (field.listKind()) {
                case ATOMIC -> new Leaf(field.shape());
                case SET -> new Distinct(element);
                case MAP -> element instanceof Shape.Message(var supplier)
                        ? new Keyed(message(supplier.get()), field.listKeys(), field.mapKind() == Field.MapKind.ATOMIC)
                        : new Leaf(field.shape());
            };
        };
    }

    private Node node(Shape shape) {
        return switch (shape) {
            case Shape.Scalar.JSON -> Open.VALUE;
            case Shape.Scalar _, Shape.ListOf _ -> new Leaf(shape);
            case Shape.Message(var supplier) -> message(supplier.get());
            case Shape.MapOf(Shape value) -> new Entries(node(value));
        };
    }

    /// What upstream's type shows for a field that is always written but not set.
    private static @Nullable Object implied(Field field) {
        return switch (field.presence()) {
            case EXPLICIT, OMIT_ZERO, OMIT_EMPTY -> null;
            case NULLABLE -> JsonNull.NULL;
            case ALWAYS -> switch (field.shape()) {
                case Shape.Message(var supplier) -> supplier.get().empty();
                case Shape.Scalar.STRING -> "";
                case Shape.Scalar.BOOL -> false;
                case Shape.Scalar.INT32 -> 0;
                case Shape.Scalar.INT64 -> 0L;
                case Shape.Scalar _, Shape.ListOf _, Shape.MapOf _ -> JsonNull.NULL;
            };
        };
    }
}
