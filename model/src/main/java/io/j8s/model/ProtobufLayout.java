package io.j8s.model;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Where a type's fields stand in its protobuf message: an entry for each number, either a field or a message that wraps several of the type's own fields.
final class ProtobufLayout {

    /// What a number means: exactly one of the two is there.
    record Entry(int number, @Nullable Field field, @Nullable ProtobufLayout wrapped) {}

    private final Entry[] ascending;
    private final @Nullable Entry[] byNumber;

    private ProtobufLayout(List<Entry> entries) {
        this.ascending = entries.toArray(Entry[]::new);
        int highest = entries.isEmpty() ? 0 : entries.getLast().number();
        this.byNumber = new Entry[highest + 1];
        for (Entry entry : ascending) {
            byNumber[entry.number()] = entry;
        }
    }

    static ProtobufLayout of(Field[] fields) {
        return of(List.of(fields), 0);
    }

    private static ProtobufLayout of(List<Field> fields, int depth) {
        TreeMap<Integer, List<Field>> wrapped = new TreeMap<>();
        TreeMap<Integer, Entry> entries = new TreeMap<>();
        for (Field field : fields) {
            if (field.wrappers().size() > depth) {
                wrapped.computeIfAbsent(field.wrappers().get(depth), number -> new ArrayList<>()).add(field);
            } else if (field.number() > 0) {
                entries.put(field.number(), new Entry(field.number(), field, null));
            }
        }
        wrapped.forEach((number, inner) -> entries.put(number, new Entry(number, null, of(inner, depth + 1))));
        return new ProtobufLayout(List.copyOf(entries.values()));
    }

    /// The entries in the order of their numbers, which is the order of writing.
    Entry[] ascending() {
        return ascending;
    }

    @Nullable Entry entry(int number) {
        return number < byNumber.length ? byNumber[number] : null;
    }
}
