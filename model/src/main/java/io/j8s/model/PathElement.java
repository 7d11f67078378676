package io.j8s.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// One step of a path into an object, as FieldsV1 writes it and as the causes of a conflict show it.
///
/// The order is that of structured-merge-diff: names, then keys, then values, then indexes.
public sealed interface PathElement extends Comparable<PathElement> {

    /// A field of a message or an entry of a map: `f:name`
    record Name(String name) implements PathElement {
        @Override
        public String toString() {
            return "." + name;
        }
    }

    /// An element of a list of kind MAP: `k:{"name":"a"}`. The fields are ordered by name.
    record Key(List<KeyField> fields) implements PathElement {
        public Key {
            if (fields.size() == 1) {
                fields = List.of(fields.getFirst());
            } else {
                List<KeyField> sorted = new ArrayList<>(fields);
                sorted.sort(Comparator.comparing(KeyField::name));
                fields = List.copyOf(sorted);
            }
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("[");
            for (KeyField field : fields) {
                if (text.length() > 1) {
                    text.append(',');
                }
                text.append(field.name).append('=').append(PathText.readable(field.value));
            }
            return text.append(']').toString();
        }
    }

    /// An element of a list of kind SET: `v:"a"`
    record Value(Object value) implements PathElement {
        public Value {
            value = PathText.normal(value);
        }

        @Override
        public String toString() {
            return "[=" + PathText.readable(value) + "]";
        }
    }

    /// An element of a list by its place: `i:0`
    record Index(int index) implements PathElement {
        @Override
        public String toString() {
            return "[" + index + "]";
        }
    }

    /// One field of a [Key] with its value (`String`, `Long`, `Double`, `Boolean`, or another plain JSON value).
    record KeyField(String name, Object value) {
        public KeyField {
            value = PathText.normal(value);
        }
    }

    static PathElement name(String name) {
        return new Name(name);
    }

    /// A key of one field.
    static PathElement key(String name, Object value) {
        return new Key(List.of(new KeyField(name, value)));
    }

    @Override
    default int compareTo(PathElement other) {
        if (this == other) {
            return 0;
        }
        return switch (this) {
            case Name(String a) -> other instanceof Name(String b) ? a.compareTo(b) : -1;
            case Key(List<KeyField> a) -> switch (other) {
                case Name _ -> 1;
                case Key(List<KeyField> b) -> PathText.compareKeys(a, b);
                case Value _, Index _ -> -1;
            };
            case Value(Object a) -> switch (other) {
                case Name _, Key _ -> 1;
                case Value(Object b) -> PathText.compareValues(a, b);
                case Index _ -> -1;
            };
            case Index(int a) -> other instanceof Index(int b) ? Integer.compare(a, b) : 1;
        };
    }
}
