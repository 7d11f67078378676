package io.j8s.model;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// An immutable value of a [Type]. Only the fields that are set take space: a bitmap says which, and a dense array holds their values in the order of
/// the type's fields. Generated subclasses add typed accessors; everything generic is written over this class.
///
/// Values have the Java types that [Shape] names. Two structs are equal when they are of one type and the same fields have equal values.
public abstract class Struct {

    private final Content content;

    protected Struct(Content content) {
        this.content = content;
    }

    public abstract Type type();

    /// What is set in a struct.
    ///
    /// Bits beyond the 64th (only types made at run time have so many fields) are in `more`.
    public static final class Content {
        static final Content EMPTY = new Content(0, null, new Object[0], Map.of());

        private final long bits;
        private final long @Nullable [] more;
        private final Object[] values;
        private final Map<String, Object> unknown;

        private Content(long bits, long @Nullable [] more, Object[] values, Map<String, Object> unknown) {
            this.bits = bits;
            this.more = more;
            this.values = values;
            this.unknown = unknown;
        }

        private boolean has(int index) {
            if (index < 64) {
                return (bits >>> index & 1) != 0;
            }
            return more != null && (index >> 6) - 1 < more.length && (more[(index >> 6) - 1] >>> (index & 63) & 1) != 0;
        }

        private int place(int index) {
            if (index < 64) {
                return Long.bitCount(bits & ((1L << index) - 1));
            }
            int place = Long.bitCount(bits);
            int word = (index >> 6) - 1;
            for (int i = 0; i < word && more != null && i < more.length; i++) {
                place += Long.bitCount(more[i]);
            }
            return more == null || word >= more.length ? place : place + Long.bitCount(more[word] & ((1L << (index & 63)) - 1));
        }
    }

    /// Whether the field is set.
    public final boolean has(Field field) {
        return content.has(field.index());
    }

    /// The field's value; null when it is not set.
    public final @Nullable Object get(Field field) {
        return valueAt(field.index());
    }

    /// The value of the field with this index; null when it is not set.
    protected final @Nullable Object valueAt(int index) {
        return content.has(index) ? content.values[content.place(index)] : null;
    }

    protected final boolean hasAt(int index) {
        return content.has(index);
    }

    /// A copy with the field set to a value, or not set when it is null.
    public final Struct with(Field field, @Nullable Object value) {
        return type().make(contentWith(field.index(), value));
    }

    /// What is set after a change of one field.
    protected final Content contentWith(int index, @Nullable Object value) {
        Builder builder = new Builder(type(), this);
        builder.put(index, value);
        return builder.content();
    }

    /// Fields that the type does not declare, as plain JSON values (see [Shape.Scalar#JSON]); empty unless the type preserves unknown fields.
    public final Map<String, Object> unknown() {
        return content.unknown;
    }

    /// Whether nothing is set.
    public final boolean isEmpty() {
        return content.values.length == 0 && content.unknown.isEmpty();
    }

    /// How many declared fields are set.
    public final int size() {
        return content.values.length;
    }

    /// Visits the set fields in the type's order.
    public final void forEach(BiConsumer<Field, Object> visitor) {
        int place = 0;
        long bits = content.bits;
        while (bits != 0) {
            int index = Long.numberOfTrailingZeros(bits);
            visitor.accept(type().fields().get(index), content.values[place++]);
            bits &= bits - 1;
        }
        if (content.more != null) {
            for (int word = 0; word < content.more.length; word++) {
                for (long rest = content.more[word]; rest != 0; rest &= rest - 1) {
                    visitor.accept(type().fields().get((word + 1) * 64 + Long.numberOfTrailingZeros(rest)), content.values[place++]);
                }
            }
        }
    }

    /// A builder that begins with what is set here.
    public final Builder toBuilder() {
        return new Builder(type(), this);
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof Struct struct
                        && type() == struct.type()
                        && content.bits == struct.content.bits
                        && Arrays.equals(content.more, struct.content.more)
                        && Arrays.equals(content.values, struct.content.values)
                        && content.unknown.equals(struct.content.unknown));
    }

    @Override
    public final int hashCode() {
        return Objects.hash(content.bits, Arrays.hashCode(content.values), content.unknown);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(type().name()).append('{');
        forEach((field, value) -> text.append(field.name()).append('=').append(value).append(' '));
        if (!content.unknown.isEmpty()) {
            text.append(content.unknown);
        }
        return text.append('}').toString();
    }

    /// Collects fields into a new struct. Not for sharing between threads.
    public static final class Builder {
        private final Type type;
        private final @Nullable Object[] slots;
        private Map<String, Object> unknown;

        public Builder(Type type) {
            this.type = type;
            this.slots = new Object[type.fields().size()];
            this.unknown = Map.of();
        }

        Builder(Type type, Struct from) {
            this(type);
            from.forEach((field, value) -> slots[field.index()] = value);
            this.unknown = from.content.unknown;
        }

        public Type type() {
            return type;
        }

        /// Sets a field (null: not set).
        public Builder set(Field field, @Nullable Object value) {
            slots[field.index()] = value;
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

        void put(int index, @Nullable Object value) {
            slots[index] = value;
        }

        Content content() {
            int count = 0;
            long bits = 0;
            long[] more = slots.length > 64 ? new long[(slots.length - 1) / 64] : null;
            for (int i = 0; i < slots.length; i++) {
                if (slots[i] != null) {
                    count++;
                    if (i < 64) {
                        bits |= 1L << i;
                    } else if (more != null) {
                        more[(i >> 6) - 1] |= 1L << (i & 63);
                    }
                }
            }
            Object[] values = new Object[count];
            int place = 0;
            for (Object slot : slots) {
                if (slot != null) {
                    values[place++] = slot;
                }
            }
            return new Content(bits, more, values, unknown);
        }

        public Struct build() {
            return type.make(content());
        }
    }
}
