package io.j8s.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The fields of the structs that a reader is working on: each lies above the one it is within, and takes its own from the top when it is finished.
/// Elements of a list that is being read lie there as well. Not for sharing between threads.
final class StructStack {

    private Object[] slots = new Object[256];
    private int top;

    /// Begins a struct.
    ///
    /// @return where its fields begin
    int open(int fields) {
        int base = top;
        if (base + fields > slots.length) {
            slots = Arrays.copyOf(slots, Math.max(slots.length * 2, base + fields));
        }
        top = base + fields;
        return base;
    }

    @Nullable Object at(int place) {
        return slots[place];
    }

    void set(int place, Object value) {
        slots[place] = value;
    }

    /// Where the next pushed value will lie.
    int top() {
        return top;
    }

    void push(Object value) {
        if (top == slots.length) {
            slots = Arrays.copyOf(slots, top * 2);
        }
        slots[top++] = value;
    }

    /// Takes what was pushed from this place on.
    List<Object> takeList(int base) {
        int count = top - base;
        List<Object> list = switch (count) {
            case 0 -> List.of();
            case 1 -> List.of(slots[base]);
            case 2 -> List.of(slots[base], slots[base + 1]);
            default -> List.of(Arrays.copyOfRange(slots, base, top));
        };
        Arrays.fill(slots, base, top, null);
        top = base;
        return list;
    }

    /// Finishes the struct that was begun there.
    Struct close(Type type, int base, CompactMap.@Nullable Collector unknown) {
        Field[] fields = type.fieldArray();
        if (fields.length > 63 || unknown != null) {
            return closeLarge(type, base, unknown);
        }
        long bits = 0;
        int set = 0;
        for (int i = 0; i < fields.length; i++) {
            Object value = slots[base + i];
            if (value != null) {
                slots[base + i] = null;
                value = finished(fields[i], value);
                if (value != null) {
                    bits |= 1L << i;
                    slots[base + set++] = value;
                }
            }
        }
        top = base;
        if (set == 0) {
            return type.empty();
        }
        Object[] values = Arrays.copyOfRange(slots, base, base + set);
        Arrays.fill(slots, base, base + set, null);
        return type.make(new Struct.Content(bits, values));
    }

    private static @Nullable Object finished(Field field, Object value) {
        return switch (value) {
            case ArrayList<?> growing -> List.of(growing.toArray());
            case CompactMap.Collector growing -> growing.sorted();
            default -> field.presence().keepsZero() ? value : field.keep(value);
        };
    }

    private Struct closeLarge(Type type, int base, CompactMap.@Nullable Collector unknown) {
        Struct.Builder builder = new Struct.Builder(type);
        for (Field field : type.fieldArray()) {
            Object value = slots[base + field.index()];
            if (value != null) {
                builder.put(field.index(), finished(field, value));
                slots[base + field.index()] = null;
            }
        }
        if (unknown != null) {
            builder.unknown(unknown.sorted());
        }
        top = base;
        return builder.build();
    }
}
