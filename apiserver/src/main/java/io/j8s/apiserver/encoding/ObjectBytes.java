package io.j8s.apiserver.encoding;

import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Version;
import io.j8s.model.ByteOutput;
import io.j8s.model.Field;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// The encoded forms of stored objects. JSON is kept with the object once it was asked for, up to a bound on all of it together: what was made first is forgotten first.
/// Threads: any.
public final class ObjectBytes {

    private static final int WRITTEN_SHARE = 3;
    /// JSON is hardly ever longer than so many times the protobuf that is stored: the buffer does not have to grow.
    private static final int JSON_TO_STORED = 3;
    private static final int LEAST_BYTES = 512;
    private static final int MOST_BYTES = 32 * 1024;

    private final long limit;
    private final AtomicLong kept = new AtomicLong();
    private final Queue<Kept> order = new ConcurrentLinkedQueue<>();

    private record Kept(Stored.Encoded form, int length) {}

    /// @param limitBytes how much may be kept
    public ObjectBytes(long limitBytes) {
        this.limit = limitBytes;
    }

    /// The object as JSON with `kind` and `apiVersion` first, without a line end. Not to be changed.
    public <T extends Struct> byte[] json(Version<T, ?> version, Stored<T> stored) {
        byte[] known = stored.encoded(version);
        if (known != null) {
            return known;
        }
        byte[] made = made(version, stored);
        keep(version, stored, made);
        return made;
    }

    /// The same for the answer to who has just written the object. Many of those are never asked for again, so their JSON is kept only while there is plenty of room.
    public <T extends Struct> byte[] jsonOfWritten(Version<T, ?> version, Stored<T> stored) {
        if (kept.get() < limit / WRITTEN_SHARE) {
            return json(version, stored);
        }
        byte[] known = stored.encoded(version);
        return known == null ? made(version, stored) : known;
    }

    private static <T extends Struct> byte[] made(Version<T, ?> version, Stored<T> stored) {
        ByteOutput out = new ByteOutput(Math.clamp((long) JSON_TO_STORED * stored.size(), LEAST_BYTES, MOST_BYTES));
        Json.write(typed(version, stored), out);
        return out.toArray();
    }

    /// The object in its protobuf envelope.
    public <T extends Struct> byte[] protobuf(Version<T, ?> version, Stored<T> stored) {
        return Protobuf.write(typed(version, stored), version.resource().apiVersion(), version.resource().kind());
    }

    /// The object as a bare protobuf message, as it stands in a list.
    public <T extends Struct> byte[] protobufMessage(Version<T, ?> version, Stored<T> stored) {
        if (stored.exact() && stored.revision() > 0 && stored.object().structType().equals(version.resource().type())) {
            byte[] spliced = StoredMessage.of(stored.value(), stored.revision());
            if (spliced != null) {
                return spliced;
            }
        }
        return Protobuf.writeMessage(version.fromHub().apply(stored.object()));
    }

    /// The object in a version, saying so.
    public static <T extends Struct> Struct typed(Version<T, ?> version, Stored<T> stored) {
        return named(version, version.fromHub().apply(stored.object()));
    }

    /// A value of a version's type that says its `kind` and `apiVersion`.
    public static Struct named(Version<?, ?> version, Struct object) {
        if (!object.structType().kind().isEmpty()) {
            return Objects.typed(object);
        }
        String kind = version.resource().kind();
        String apiVersion = version.resource().apiVersion();
        if (Objects.kind(object).equals(kind) && Objects.apiVersion(object).equals(apiVersion)) {
            return object;
        }
        Field kindField = object.structType().field("kind");
        Field versionField = object.structType().field("apiVersion");
        return kindField == null || versionField == null ? object : object.with(kindField, kind).with(versionField, apiVersion);
    }

    private void keep(Object format, Stored<?> stored, byte[] bytes) {
        order.add(new Kept(stored.keep(format, bytes), bytes.length));
        long total = kept.addAndGet(bytes.length);
        while (total > limit) {
            Kept oldest = order.poll();
            if (oldest == null) {
                return;
            }
            oldest.form.forget();
            total = kept.addAndGet(-oldest.length);
        }
    }
}
