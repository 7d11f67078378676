package io.j8s.model;

import java.util.Arrays;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// An immutable value of a [Type]. Only the fields that are set take space: a bitmap says which, and a dense array holds their values in the order of
/// the type's fields. Generated subclasses add typed accessors; everything generic is written over this class.
///
/// Values have the Java types that [Shape] names. A field that does not keep zero values ([Field.Presence]) is not set when it is given one, an empty
/// message among them. Two structs are equal when they are of one type and the same fields have equal values.
public abstract class Struct {

    /// The bit that says that the last value is an [Extra].
    private static final int EXTRA = 63;

    private static final long EXTRA_BIT = 1L << EXTRA;

    private final long bits;
    private final Object[] values;

    protected Struct(Content content) {
        this.bits = content.bits;
        this.values = content.values;
    }

    /// The type of this value. (Not named `type`, because many API objects have a field of that name.)
    public abstract Type structType();

    /// Another value of the same type.
    protected abstract Struct make(Content content);

    /// What is set in a struct, on its way into one: bits for fields 0 to 62, and the values in order. What only few structs have (more fields than
    /// that, undeclared fields) is in an extra value at the end.
    public static final class Content {
        static final Content EMPTY = new Content(0, new Object[0]);

        private final long bits;
        private final Object[] values;

        Content(long bits, Object[] values) {
            this.bits = bits;
            this.values = values;
        }

        /// For generated types: the content of a value with nothing set.
        public static Content empty() {
            return EMPTY;
        }
    }

    private record Extra(long[] more, Map<String, Object> unknown) {
        boolean has(int index) {
            int word = (index - EXTRA) >> 6;
            return word < more.length && (more[word] >>> (index - EXTRA & 63) & 1) != 0;
        }

        int before(int index) {
            int word = (index - EXTRA) >> 6;
            int count = 0;
            for (int i = 0; i < word && i < more.length; i++) {
                count += Long.bitCount(more[i]);
            }
            return word >= more.length ? count : count + Long.bitCount(more[word] & ((1L << (index - EXTRA & 63)) - 1));
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Extra extra && Arrays.equals(more, extra.more) && unknown.equals(extra.unknown);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(more) * 31 + unknown.hashCode();
        }
    }

    private @Nullable Extra extra() {
        return bits < 0 ? (Extra) values[values.length - 1] : null;
    }

    /// Whether the field is set.
    public final boolean has(Field field) {
        return hasAt(field.index());
    }

    /// The field's value; null when it is not set.
    public final @Nullable Object get(Field field) {
        return valueAt(field.index());
    }

    /// The value of the field with this index; null when it is not set.
    protected final @Nullable Object valueAt(int index) {
        if (index < EXTRA) {
            long bit = 1L << index;
            return (bits & bit) == 0 ? null : values[Long.bitCount(bits & (bit - 1))];
        }
        Extra extra = extra();
        return extra == null || !extra.has(index) ? null : values[Long.bitCount(bits & ~EXTRA_BIT) + extra.before(index)];
    }

    /// Which of the first 63 fields are set.
    final long firstBits() {
        return bits & ~EXTRA_BIT;
    }

    protected final boolean hasAt(int index) {
        if (index < EXTRA) {
            return (bits >>> index & 1) != 0;
        }
        Extra extra = extra();
        return extra != null && extra.has(index);
    }

    /// A copy with the field set to a value, or not set when it is null.
    public final Struct with(Field field, @Nullable Object value) {
        return make(contentWith(field.index(), value));
    }

    /// What is set after a change of one field.
    protected final Content contentWith(int index, @Nullable Object value) {
        Field[] fields = structType().fieldArray();
        if (fields.length > EXTRA) {
            return new Builder(structType(), this).set(fields[index], value).content();
        }
        Object kept = fields[index].keep(value);
        long bit = 1L << index;
        int place = Long.bitCount(bits & (bit - 1));
        boolean present = (bits & bit) != 0;
        if (kept == null) {
            return present ? new Content(bits & ~bit, without(place)) : new Content(bits, values);
        }
        Object[] changed;
        if (present) {
            changed = values.clone();
        } else {
            changed = new Object[values.length + 1];
            System.arraycopy(values, 0, changed, 0, place);
            System.arraycopy(values, place, changed, place + 1, values.length - place);
        }
        changed[place] = kept;
        return new Content(bits | bit, changed);
    }

    private Object[] without(int place) {
        Object[] changed = new Object[values.length - 1];
        System.arraycopy(values, 0, changed, 0, place);
        System.arraycopy(values, place + 1, changed, place, changed.length - place);
        return changed;
    }

    /// Fields that the type does not declare, as plain JSON values (see [Shape.Scalar#JSON]); empty unless the type preserves unknown fields.
    public final Map<String, Object> unknown() {
        Extra extra = extra();
        return extra == null ? Map.of() : extra.unknown;
    }

    /// Whether nothing is set.
    public final boolean isEmpty() {
        return values.length == 0;
    }

    /// How many declared fields are set.
    public final int size() {
        return bits < 0 ? values.length - 1 : values.length;
    }

    /// Visits the set fields in the type's order.
    public final void forEach(BiConsumer<Field, Object> visitor) {
        Field[] fields = structType().fieldArray();
        int place = 0;
        for (long rest = bits & ~EXTRA_BIT; rest != 0; rest &= rest - 1) {
            visitor.accept(fields[Long.numberOfTrailingZeros(rest)], values[place++]);
        }
        Extra extra = extra();
        if (extra != null) {
            for (int word = 0; word < extra.more.length; word++) {
                for (long rest = extra.more[word]; rest != 0; rest &= rest - 1) {
                    visitor.accept(fields[EXTRA + word * 64 + Long.numberOfTrailingZeros(rest)], values[place++]);
                }
            }
        }
    }

    /// A builder that begins with what is set here.
    public final Builder toBuilder() {
        return new Builder(structType(), this);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Struct struct
                        && structType() == struct.structType()
                        && bits == struct.bits
                        && Arrays.equals(values, struct.values));
    }

    @Override
    public final int hashCode() {
        return Long.hashCode(bits) * 31 + Arrays.hashCode(values);
    }

    /// The value as compact JSON, for messages and logs.
    @Override
    public String toString() {
        return Json.text(this);
    }

    /// Collects fields into a new struct. Not for sharing between threads.
    public static final class Builder {
        private final Type type;
        private final @Nullable Object[] slots;
        private Map<String, Object> unknown;

        public Builder(Type type) {
            this.type = type;
            this.slots = new Object[type.fieldArray().length];
            this.unknown = Map.of();
        }

        Builder(Type type, Struct from) {
            this(type);
            from.forEach((field, value) -> slots[field.index()] = value);
            this.unknown = from.unknown();
        }

        public Type type() {
            return type;
        }

        /// Sets a field (null: not set).
        public Builder set(Field field, @Nullable Object value) {
            slots[field.index()] = field.keep(value);
            return this;
        }

        public @Nullable Object get(Field field) {
            return slots[field.index()];
        }

        /// Sets the undeclared fields; the map is taken as it is and must not change afterwards.
        public Builder unknown(Map<String, Object> values) {
            if (!values.isEmpty() && !type.preservesUnknown()) {
                throw new IllegalArgumentException(type + " does not keep unknown fields, but was given " + values.keySet());
            }
            unknown = values;
            return this;
        }

        /// Sets a field to a value that is known to be one the field keeps.
        void put(int index, @Nullable Object value) {
            slots[index] = value;
        }

        @Nullable Object at(int index) {
            return slots[index];
        }

        Content content() {
            int count = 0;
            long bits = 0;
            for (int i = 0; i < slots.length; i++) {
                if (slots[i] != null) {
                    count++;
                    if (i < EXTRA) {
                        bits |= 1L << i;
                    }
                }
            }
            Extra extra = extra();
            if (count == 0 && extra == null) {
                return Content.EMPTY;
            }
            Object[] values = new Object[extra == null ? count : count + 1];
            int place = 0;
            for (Object slot : slots) {
                if (slot != null) {
                    values[place++] = slot;
                }
            }
            if (extra != null) {
                values[place] = extra;
                bits |= EXTRA_BIT;
            }
            return new Content(bits, values);
        }

        private @Nullable Extra extra() {
            if (slots.length <= EXTRA && unknown.isEmpty()) {
                return null;
            }
            long[] more = new long[slots.length > EXTRA ? (slots.length - EXTRA + 63) / 64 : 0];
            boolean any = !unknown.isEmpty();
            for (int i = EXTRA; i < slots.length; i++) {
                if (slots[i] != null) {
                    more[(i - EXTRA) >> 6] |= 1L << (i - EXTRA & 63);
                    any = true;
                }
            }
            return any ? new Extra(more, unknown) : null;
        }

        public Struct build() {
            return type.make(content());
        }
    }
}
