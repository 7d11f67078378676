package io.j8s.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The schema of an API message. Built-in types are generated; a CustomResourceDefinition's structural schema makes one at run time.
/// Immutable (its fields are worked out on first use, so that a type nobody touches costs nothing). Compared by identity.
public final class Type {

    /// Makes the [Struct] of this type from what is set.
    @FunctionalInterface
    public interface Factory {
        Struct make(Struct.Content content);
    }

    private final String name;
    private final String apiVersion;
    private final String kind;
    private final Supplier<List<Field>> declared;
    private final @Nullable Factory factory;
    private final boolean preservesUnknown;
    private final @Nullable Struct prototype;
    private volatile @Nullable Fields fields;
    private volatile @Nullable Struct empty;

    /// @param written the first 63 fields that are written even when they are not set, as bits
    private record Fields(
            List<Field> list, Field[] array, Map<String, Field> byName, FieldNames names, ProtobufLayout layout, long written, boolean isList) {}

    /// @param name the OpenAPI name, such as `io.k8s.api.core.v1.Pod`
    /// @param fields its fields, in order, asked for once
    /// @param factory makes its values; null for a type made at run time
    /// @param preservesUnknown whether values keep fields that are not declared ([Struct#unknown()])
    public Type(String name, Supplier<List<Field>> fields, @Nullable Factory factory, boolean preservesUnknown) {
        this(name, "", "", fields, factory, preservesUnknown);
    }

    /// As above, for the type of a whole object.
    ///
    /// @param apiVersion what its `apiVersion` says; empty when it is no object by itself
    /// @param kind what its `kind` says; empty when it is no object by itself
    public Type(
            String name, String apiVersion, String kind, Supplier<List<Field>> fields, @Nullable Factory factory, boolean preservesUnknown) {
        this.name = name;
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.declared = fields;
        this.factory = factory;
        this.preservesUnknown = preservesUnknown;
        this.prototype = null;
    }

    /// For generated classes.
    ///
    /// @param declaration its fields as text, parsed on first use
    /// @param prototype the value with nothing set, which makes the others
    public static Type generated(String name, String apiVersion, String kind, String declaration, Struct prototype) {
        return new Type(name, apiVersion, kind, declaration, prototype);
    }

    private Type(String name, String apiVersion, String kind, String declaration, Struct prototype) {
        this.name = name;
        this.apiVersion = apiVersion;
        this.kind = kind;
        this.declared = new Declaration(declaration);
        this.factory = null;
        this.preservesUnknown = false;
        this.prototype = prototype;
        this.empty = prototype;
    }

    public String name() {
        return name;
    }

    /// What an object of this type says in its `apiVersion`; empty for a type that is no object by itself or whose objects are of many kinds.
    public String apiVersion() {
        return apiVersion;
    }

    /// What an object of this type says in its `kind`; empty as with [#apiVersion()].
    public String kind() {
        return kind;
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

    /// The field with this index.
    Field fieldAt(int index) {
        return resolved().array[index];
    }

    Field[] fieldArray() {
        return resolved().array;
    }

    ProtobufLayout protobufLayout() {
        return resolved().layout;
    }

    FieldNames fieldNames() {
        return resolved().names;
    }

    /// Whether this is the type of a list of objects.
    boolean isList() {
        return resolved().isList;
    }

    /// The next field, from this index on, that JSON shows: one that is set, or is always written. -1 for none.
    int nextWritten(Struct struct, int from) {
        Fields known = resolved();
        if (from < 63) {
            long rest = (struct.firstBits() | known.written) >>> from << from;
            if (rest != 0) {
                return Long.numberOfTrailingZeros(rest);
            }
        }
        for (int i = Math.max(from, 63); i < known.array.length; i++) {
            if (struct.hasAt(i) || alwaysWritten(known.array[i])) {
                return i;
            }
        }
        return -1;
    }

    private static boolean alwaysWritten(Field field) {
        return field.presence() == Field.Presence.ALWAYS || field.presence() == Field.Presence.NULLABLE;
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
        if (prototype != null) {
            return prototype.make(content);
        }
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

    private Fields resolve(List<Field> list) {
        Map<String, Field> byName = HashMap.newHashMap(list.size() * 2);
        long written = 0;
        for (Field field : list) {
            byName.put(field.name(), field);
            if (field.index() < 63 && alwaysWritten(field)) {
                written |= 1L << field.index();
            }
        }
        Field[] array = list.toArray(Field[]::new);
        boolean isList = name.endsWith("List") && byName.containsKey("items");
        return new Fields(List.of(array), array, byName, new FieldNames(array), ProtobufLayout.of(array), written, isList);
    }

    @Override
    public String toString() {
        return name;
    }
}
