package io.j8s.apiserver.registry;

import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.store.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One object at one revision: decoded, as it is stored, and in those encoded forms that were asked for.
///
/// It is made by a writer before its revision is known, travels with the transaction, and is completed once ([#publish]) before any other thread can see it.
public final class Stored<T extends Struct> {

    private final String key;
    private T object;
    private long revision;
    private Value value;
    private final boolean exact;
    private volatile @Nullable Encoded encoded;

    /// One encoded form. It can be forgotten by itself, so that who counts the bytes of all of them need not hold the object.
    public static final class Encoded {
        private final Object format;
        private volatile byte @Nullable [] bytes;
        private final @Nullable Encoded next;

        private Encoded(Object format, byte[] bytes, @Nullable Encoded next) {
            this.format = format;
            this.bytes = bytes;
            this.next = next;
        }

        public void forget() {
            bytes = null;
        }
    }

    /// An object that is not stored yet.
    Stored(String key, T object, byte[] value) {
        this(key, object, Value.of(value), false);
    }

    /// @param exact whether the value says just what the object does (but for its version): it was encoded from it
    Stored(String key, T object, Value value, boolean exact) {
        this.key = key;
        this.object = object;
        this.value = value;
        this.exact = exact;
    }

    /// An object that is worked out and not stored.
    public static <T extends Struct> Stored<T> computed(T object) {
        io.j8s.model.meta.v1.ObjectMeta meta = Objects.metadata(object);
        return new Stored<>(meta.namespace().isEmpty() ? meta.name() : meta.namespace() + "/" + meta.name(), object, new byte[0]);
    }

    /// Gives it the revision under which it was stored.
    public Stored<T> publish(long atRevision) {
        if (revision == 0) {
            revision = atRevision;
            object = Objects.withMetadata(object, Objects.metadata(object).withResourceVersion(Long.toString(atRevision)));
        }
        return this;
    }

    /// This object's last state, as a deletion at this revision tells of it.
    public Stored<T> deletedAt(long atRevision) {
        return new Stored<>(key, Objects.withMetadata(object, Objects.metadata(object).withoutResourceVersion()), value, exact).publish(atRevision);
    }

    /// The same, held in another version.
    public Stored<T> as(T converted) {
        return new Stored<>(key, converted, value, false).publish(revision);
    }

    /// `namespace/name`, or `name` for what is in no namespace.
    public String key() {
        return key;
    }

    /// The object in the hub's version, with its resourceVersion.
    public T object() {
        return object;
    }

    /// The revision of its newest change; 0 while it is not stored.
    public long revision() {
        return revision;
    }

    /// The bytes in the store; not to be changed. They may have to be put together: who only wants to know how many asks [#size].
    public byte[] value() {
        return value.bytes();
    }

    public int size() {
        return value.size();
    }

    Value content() {
        return value;
    }

    /// Shares what the store holds, if it is just this.
    Stored<T> sharing(Value stored) {
        if (value != stored && value.holds(stored.bytes())) {
            value = stored;
        }
        return this;
    }

    /// Whether [#value] says just what the object does (but for its version). An object that an older server stored may lack defaults in its value.
    public boolean exact() {
        return exact;
    }

    public Map<String, String> labels() {
        return Objects.metadata(object).labels();
    }

    /// The bytes that were kept for a format, or null.
    public byte @Nullable [] encoded(Object format) {
        for (Encoded one = encoded; one != null; one = one.next) {
            byte[] bytes = one.bytes;
            if (one.format == format && bytes != null) {
                return bytes;
            }
        }
        return null;
    }

    /// Keeps bytes for a format (compared by identity).
    public Encoded keep(Object format, byte[] bytes) {
        Encoded rest = encoded;
        while (rest != null && rest.bytes == null) {
            rest = rest.next;
        }
        Encoded kept = new Encoded(format, bytes, rest);
        encoded = kept;
        return kept;
    }

    @Override
    public String toString() {
        return key + "@" + revision;
    }
}
