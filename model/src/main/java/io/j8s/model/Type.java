package io.j8s.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The schema of an API message. Built-in types are generated; a CustomResourceDefinition's structural schema makes one at run time.
/// Immutable (its fields are worked out on first use, so that a type nobody touches costs nothing).
public final class Type {

    /// Makes the [Struct] of this type from what is set.
    @FunctionalInterface
    public interface Factory {
        Struct make(Struct.Content content);
    }

    private final String name;
    private final Supplier<List<Field>> declared;
    private final @Nullable Factory factory;
    private final boolean preservesUnknown;
    private volatile @Nullable Fields fields;
    private volatile @Nullable Struct empty;

    private record Fields(List<Field> list, Map<String, Field> byName, Field[] byNumber) {}

    /// @param name the OpenAPI name, such as `io.k8s.api.core.v1.Pod`
    /// @param fields its fields, in order, asked for once
    /// @param factory makes its values; null for a type made at run time
    /// @param preservesUnknown whether values keep fields that are not declared ([Struct#unknown()])
    public Type(String name, Supplier<List<Field>> fields, @Nullable Factory factory, boolean preservesUnknown) {
        this.name = name;
        this.declared = fields;
        this.factory = factory;
        this.preservesUnknown = preservesUnknown;
    }

    public String name() {
        return name;
    }

    public boolean preservesUnknown() {
        return preservesUnknown;
    }

    /// The fields in declared order; a field's index is its place here.
    public List<Field> fields() {
        return resolved().list;
    }

    /// The field of this JSON name (exact case), or null.
    public @Nullable Field field(String name) {
        return resolved().byName.get(name);
    }

    /// The field of this protobuf number, or null.
    public @Nullable Field field(int number) {
        Field[] byNumber = resolved().byNumber;
        return number >= 0 && number < byNumber.length ? byNumber[number] : null;
    }

    /// The value with nothing set.
    public Struct empty() {
        Struct known = empty;
        if (known == null) {
            known = make(Struct.Content.EMPTY);
            empty = known;
        }
        return known;
    }

    /// A new value of this type.
    public Struct make(Struct.Content content) {
        return factory == null ? new DynamicStruct(this, content) : factory.make(content);
    }

    private Fields resolved() {
        Fields known = fields;
        if (known == null) {
            known = resolve(declared.get());
            fields = known;
        }
        return known;
    }

    private static Fields resolve(List<Field> list) {
        Map<String, Field> byName = HashMap.newHashMap(list.size());
        int highest = 0;
        for (Field field : list) {
            byName.put(field.name(), field);
            highest = Math.max(highest, field.number());
        }
        Field[] byNumber = new Field[highest + 1];
        for (Field field : list) {
            if (field.number() > 0) {
                byNumber[field.number()] = field;
            }
        }
        return new Fields(List.copyOf(list), Map.copyOf(byName), byNumber);
    }

    @Override
    public String toString() {
        return name;
    }
}
