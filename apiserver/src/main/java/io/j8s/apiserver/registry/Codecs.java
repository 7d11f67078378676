package io.j8s.apiserver.registry;

import io.j8s.apiserver.resource.ObjectReader;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.DecodeException;
import io.j8s.model.Interner;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import io.j8s.store.Entry;

/// The two forms in which upstream stores objects, and we do: protobuf in its envelope, and JSON for custom resources. Either is read, whichever is written.
final class Codecs {

    private Codecs() {}

    static <T extends Struct> ValueCodec<T> of(Resource<T> resource, Interner interner) {
        return resource.storedAsJson() ? new JsonCodec<>(resource, interner) : new ProtobufCodec<>(resource, interner);
    }

    private record ProtobufCodec<T extends Struct>(Resource<T> resource, Interner interner) implements ValueCodec<T> {
        @Override
        public byte[] encode(T object) {
            return Protobuf.write(object);
        }

        @Override
        public T decode(Entry entry) {
            return read(resource, interner, entry);
        }
    }

    private record JsonCodec<T extends Struct>(Resource<T> resource, Interner interner) implements ValueCodec<T> {
        @Override
        public byte[] encode(T object) {
            return Json.write(object);
        }

        @Override
        public T decode(Entry entry) {
            return read(resource, interner, entry);
        }
    }

    private static <T extends Struct> T read(Resource<T> resource, Interner interner, Entry entry) {
        try {
            byte[] value = entry.value();
            boolean protobuf = Protobuf.isEnvelope(value);
            Resource.StoredReader stored = resource.storedReader();
            if (stored != null && !protobuf) {
                return resource.cast(stored.read(Json.readPlain(value)));
            }
            String apiVersion = protobuf ? Protobuf.envelope(value).apiVersion() : Json.typeMeta(value).apiVersion();
            if (!protobuf && apiVersion.equals(EarlierDefinitions.API_VERSION)) {
                return resource.cast(read(resource.hub().type(), EarlierDefinitions.upgraded(value), false, interner));
            }
            int slash = apiVersion.indexOf('/');
            Version<T, ?> version = resource.version(slash < 0 ? "" : apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
            if (version == null) {
                return resource.cast(read(resource.hub().type(), value, protobuf, interner));
            }
            ObjectReader reader = version.reader();
            return version.accept(reader == null ? read(version.resource().type(), value, protobuf, interner) : reader.readStored(Json.readPlain(value)));
        } catch (DecodeException e) {
            throw Refusal.internal("what is stored at " + entry.key() + " cannot be read as " + resource + ": " + e.getMessage());
        }
    }

    private static Struct read(io.j8s.model.Type type, byte[] value, boolean protobuf, Interner interner) {
        return Objects.typed(protobuf ? Protobuf.read(type, value, interner) : Json.read(type, value, 0, value.length, interner, null));
    }
}
