package io.j8s.apiserver.audit;

import io.j8s.http.Headers;
import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.Protobuf;
import io.j8s.model.Yaml;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Bodies as objects of JSON.
final class Recorded {

    private static final int LARGEST_BYTES = 16 << 20;

    private Recorded() {}

    /// Null for a body that is empty, or no object in JSON or protobuf.
    static @Nullable Object plain(byte[] body, Headers headers, boolean withoutManagedFields) {
        if (body.length == 0) {
            return null;
        }
        try {
            byte[] bytes = headers.getOr("content-encoding", "").equals("gzip") ? unzipped(body) : body;
            byte[] json = Protobuf.isEnvelope(bytes) ? Json.write(Protobuf.readObject(bytes)) : bytes;
            Object plain = Json.readPlain(json);
            return withoutManagedFields ? withoutManagedFields(plain) : plain;
        } catch (DecodeException | IOException e) {
            return null;
        }
    }

    /// A patch (in JSON, or YAML to apply) or the options of a deletion, as plain JSON; null when it is none.
    static @Nullable Object sent(byte[] body) {
        Object plain = plain(body, Headers.EMPTY, false);
        if (plain == null && body.length > 0) {
            try {
                plain = Yaml.readAll(body).stream().findFirst().orElse(null);
            } catch (DecodeException e) {
                return null;
            }
        }
        return plain;
    }

    private static byte[] unzipped(byte[] body) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readNBytes(LARGEST_BYTES);
        }
    }

    private static @Nullable Object withoutManagedFields(@Nullable Object object) {
        if (!(object instanceof Map<?, ?> map)) {
            return object;
        }
        Map<Object, @Nullable Object> kept = new LinkedHashMap<>(map);
        if (map.get("metadata") instanceof Map<?, ?> metadata) {
            Map<Object, @Nullable Object> less = new LinkedHashMap<>(metadata);
            less.remove("managedFields");
            kept.put("metadata", less);
        }
        if (map.get("rows") instanceof List<?> rows) {
            kept.put("rows", rows.stream().map(Recorded::rowWithoutManagedFields).toList());
        }
        if (map.get("items") instanceof List<?> items) {
            kept.put("items", items.stream().map(Recorded::withoutManagedFields).toList());
        }
        return kept;
    }

    private static @Nullable Object rowWithoutManagedFields(@Nullable Object row) {
        if (!(row instanceof Map<?, ?> map) || !(map.get("object") instanceof Map<?, ?> object)) {
            return row;
        }
        Map<Object, @Nullable Object> kept = new LinkedHashMap<>(map);
        kept.put("object", withoutManagedFields(object));
        return kept;
    }
}
