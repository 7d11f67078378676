package io.j8s.apiserver.openapi;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Subresource;
import io.j8s.apiserver.resource.Version;
import io.j8s.model.ApiResource;
import io.j8s.model.Documentation;
import io.j8s.model.Json;
import java.lang.ref.SoftReference;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The OpenAPI documents of what is served now. Safe for many threads.
///
/// A document is made when it is asked for, and kept (softly: memory that is short takes it back) under a fingerprint of what goes into it; when a custom resource changes, only its
/// group and version is made anew.
public final class OpenApi {

    /// The forms in which documents are offered.
    public enum Form { JSON, PROTOBUF }

    private final Supplier<Collection<Resource<?>>> resources;
    private final CustomSchemas custom;
    private final String serverVersion;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private final Map<String, Digest> digests = new ConcurrentHashMap<>();

    private record Digest(WeakReference<Map<String, Object>> schema, String text) {}

    private record Kept(String fingerprint, SoftReference<byte[]> document) {}

    /// A document with the tag that changes when it does.
    public record Document(byte[] bytes, String fingerprint) {}

    /// @param resources what is served, asked each time
    public OpenApi(Supplier<Collection<Resource<?>>> resources, CustomSchemas custom, String serverVersion) {
        this.resources = resources;
        this.custom = custom;
        this.serverVersion = serverVersion;
    }

    /// The index of v3: a path for each group and version, with a fingerprint.
    public Map<String, Object> index() {
        Map<String, Object> paths = new TreeMap<>();
        byGroupVersion().forEach((place, served) -> paths.put(
                place, Map.of("serverRelativeURL", "/openapi/v3/" + place + "?hash=" + fingerprint(served))));
        return Map.of("paths", paths);
    }

    /// The v3 document of a place such as `api/v1` or `apis/apps/v1`; null when nothing is served there.
    public @Nullable Document v3(String place, Form form) {
        List<ServedVersion> served = byGroupVersion().get(place);
        return served == null ? null : keep(place + " " + form, fingerprint(served), () -> encode(Dialect.V3, served, form));
    }

    /// Whether anything is served at a place.
    public boolean v3Exists(String place) {
        return byGroupVersion().containsKey(place);
    }

    /// The v2 document of everything.
    public Document v2(Form form) {
        List<ServedVersion> served = byGroupVersion().values().stream().flatMap(List::stream).toList();
        return keep("v2 " + form, fingerprint(served), () -> encode(Dialect.V2, served, form));
    }

    private Document keep(String name, String fingerprint, Supplier<byte[]> make) {
        Kept known = kept.get(name);
        byte[] bytes = known == null || !known.fingerprint.equals(fingerprint) ? null : known.document.get();
        if (bytes == null) {
            bytes = make.get();
            kept.put(name, new Kept(fingerprint, new SoftReference<>(bytes)));
        }
        return new Document(bytes, fingerprint);
    }

    private Map<String, List<ServedVersion>> byGroupVersion() {
        Map<String, List<ServedVersion>> places = new TreeMap<>();
        for (Resource<?> resource : resources.get()) {
            for (Version<?, ?> version : resource.versions()) {
                ApiResource<?> api = version.resource();
                String place = api.group().isEmpty() ? "api/" + api.version() : "apis/" + api.group() + "/" + api.version();
                places.computeIfAbsent(place, p -> new ArrayList<>()).add(new ServedVersion(resource, version));
            }
        }
        places.values().forEach(served -> served.sort(Comparator.comparing(one -> one.api().plural())));
        return places;
    }

    private byte[] encode(Dialect dialect, List<ServedVersion> served, Form form) {
        Map<String, Object> document = document(dialect, served);
        return switch (form) {
            case JSON -> Json.writePlain(document);
            case PROTOBUF -> Gnostic.of(dialect).write(document);
        };
    }

    private Map<String, Object> document(Dialect dialect, List<ServedVersion> served) {
        Schemas schemas = new Schemas(dialect, new Documentation());
        Operations operations = new Operations(dialect, schemas, dialect == Dialect.V2 ? api -> older(custom.of(api)) : custom);
        served.forEach(operations::add);
        Map<String, Object> info = JsonObject.of("title", "Kubernetes", "version", serverVersion);
        return dialect == Dialect.V2
                ? JsonObject.of("swagger", "2.0", "info", info, "paths", operations.paths(), "definitions", schemas.byName())
                : JsonObject.of("openapi", "3.0.0", "info", info, "paths", operations.paths(), "components", JsonObject.of("schemas", schemas.byName()));
    }

    /// A custom schema with what v2 has no words for left out.
    private static @Nullable Map<String, Object> older(@Nullable Map<String, Object> schema) {
        return schema == null ? null : V2Schema.of(schema);
    }

    private String fingerprint(List<ServedVersion> served) {
        StringBuilder text = new StringBuilder(serverVersion);
        for (ServedVersion one : served) {
            text.append('\n').append(one.api()).append(' ').append(one.resource().verbs()).append(' ').append(one.resource().subresourcesIn(one.version()).stream().map(Subresource::name).sorted().toList());
            Map<String, Object> schema = custom.of(one.api());
            if (schema != null) {
                text.append(digestOf(one.api(), schema));
            }
        }
        return digest(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// A schema is read through once, however often it is asked whether it changed.
    private String digestOf(ApiResource<?> api, Map<String, Object> schema) {
        Digest known = digests.get(api.toString());
        if (known == null || known.schema.get() != schema) {
            known = new Digest(new WeakReference<>(schema), digest(Json.writePlain(schema)));
            digests.put(api.toString(), known);
        }
        return known.text;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().withUpperCase().formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-512", e);
        }
    }
}
