package io.j8s.apiserver.openapi;

import io.j8s.apiserver.discovery.ForeignDocuments;
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
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final Map<String, Object> BEARER = Map.of(
            "BearerToken", Map.of("type", "apiKey", "description", "Bearer Token authentication", "name", "authorization", "in", "header"));

    private final Supplier<Collection<Resource<?>>> resources;
    private final Supplier<List<ForeignDocuments>> foreign;
    private final CustomSchemas custom;
    private final String serverVersion;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();
    private final Map<String, Digest> digests = new ConcurrentHashMap<>();

    private record Digest(WeakReference<Object> edition, String text) {}

    private record Kept(String fingerprint, SoftReference<byte[]> document) {}

    /// A document with the tag that changes when it does.
    public record Document(byte[] bytes, String fingerprint) {}

    /// @param resources what is served, asked each time
    /// @param foreign what other servers say of what they serve, asked each time
    public OpenApi(Supplier<Collection<Resource<?>>> resources, Supplier<List<ForeignDocuments>> foreign, CustomSchemas custom, String serverVersion) {
        this.foreign = foreign;
        this.resources = resources;
        this.custom = custom;
        this.serverVersion = serverVersion;
    }

    /// The index of v3: a path for each document, with a fingerprint.
    public Map<String, Object> index() {
        Map<String, Object> paths = new TreeMap<>();
        foreign.get().forEach(others -> paths.putAll(others.places()));
        byPlace().forEach((place, served) -> paths.put(place, Map.of("serverRelativeURL", "/openapi/v3/" + place + "?hash=" + fingerprint(place, served))));
        return Map.of("paths", paths);
    }

    /// The v3 document of a place such as `api/v1`, `apis/apps/v1` or `apis`; null when nothing is served there.
    public @Nullable Document v3(String place, Form form) {
        List<ServedVersion> served = byPlace().get(place);
        List<String> told = served != null && served.stream().anyMatch(one -> custom.edition(one.api()) != null) ? List.of() : List.of(place);
        return served == null ? null : keep(place + " " + form, fingerprint(place, served), () -> encode(Dialect.V3, served, told, form, List.of()));
    }

    /// Who has the document of a place that is served elsewhere; null: nobody.
    ForeignDocuments.@Nullable Source elsewhere(String place) {
        return foreign.get().stream().filter(others -> others.places().containsKey(place)).map(ForeignDocuments::source).findFirst().orElse(null);
    }

    /// Whether there is a document for a place.
    public boolean v3Exists(String place) {
        return byPlace().containsKey(place);
    }

    /// The v2 document of everything.
    public Document v2(Form form) {
        Map<String, List<ServedVersion>> places = byPlace();
        List<ServedVersion> served = places.values().stream().flatMap(List::stream).toList();
        List<String> told = places.entrySet().stream()
                .filter(place -> place.getValue().stream().allMatch(one -> custom.edition(one.api()) == null)).map(Map.Entry::getKey).toList();
        List<ForeignDocuments> others = foreign.get();
        StringBuilder tags = new StringBuilder("v2");
        others.forEach(other -> tags.append(' ').append(other.group()).append('/').append(other.version()).append(' ').append(other.tag()));
        return keep("v2 " + form, fingerprint(tags.toString(), served), () -> encode(Dialect.V2, served, told, form, others));
    }

    /// What is documented at each place; nothing at those that only tell what else there is.
    private Map<String, List<ServedVersion>> byPlace() {
        Map<String, List<ServedVersion>> places = byGroupVersion();
        DiscoveryOperations.places().forEach(place -> places.put(place, List.of()));
        List.copyOf(places.entrySet()).forEach(entry -> {
            boolean builtIn = entry.getValue().stream().anyMatch(one -> custom.edition(one.api()) == null);
            if (builtIn && entry.getKey().startsWith("apis/")) {
                places.putIfAbsent(entry.getKey().substring(0, entry.getKey().lastIndexOf('/')), List.of());
            }
        });
        return places;
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

    private byte[] encode(Dialect dialect, List<ServedVersion> served, Collection<String> places, Form form, List<ForeignDocuments> others) {
        Map<String, Object> own = document(dialect, served, places);
        Map<String, Object> document = others.isEmpty() ? own : ForeignSpec.merged(own, others);
        return switch (form) {
            case JSON -> Json.writePlain(document);
            case PROTOBUF -> Gnostic.of(dialect).write(document);
        };
    }

    private Map<String, Object> document(Dialect dialect, List<ServedVersion> served, Collection<String> places) {
        Schemas schemas = new Schemas(dialect, new Documentation());
        Operations operations = new Operations(dialect, schemas, once(dialect));
        served.forEach(operations::add);
        DiscoveryOperations discovery = new DiscoveryOperations(dialect, schemas);
        places.forEach(discovery::add);
        Map<String, Object> paths = new TreeMap<>(operations.paths());
        paths.putAll(discovery.paths());
        boolean ofCustom = dialect == Dialect.V3 && !served.isEmpty() && places.isEmpty();
        Map<String, Object> info = ofCustom
                ? JsonObject.of("title", "Kubernetes CRD Swagger", "version", "v0.1.0") : JsonObject.of("title", "Kubernetes", "version", serverVersion);
        if (dialect == Dialect.V2) {
            return JsonObject.of(
                    "swagger", "2.0", "info", info, "paths", paths, "definitions", schemas.byName(), "securityDefinitions", BEARER,
                    "security", List.of(JsonObject.of("BearerToken", List.of())));
        }
        Map<String, Object> components = JsonObject.of("schemas", schemas.byName());
        if (!ofCustom) {
            components.put("securitySchemes", BEARER);
        }
        return JsonObject.of("openapi", "3.0.0", "info", info, "paths", paths, "components", components);
    }

    /// The schemas for one document, each made once.
    private CustomSchemas once(Dialect dialect) {
        Map<String, Optional<Map<String, Object>>> made = new HashMap<>();
        return api -> made.computeIfAbsent(api.toString(), name -> Optional.ofNullable(dialect == Dialect.V2 ? older(custom.of(api)) : custom.of(api))).orElse(null);
    }

    /// A custom schema with what v2 has no words for left out.
    private static @Nullable Map<String, Object> older(@Nullable Map<String, Object> schema) {
        return schema == null ? null : V2Schema.of(schema);
    }

    private String fingerprint(String place, List<ServedVersion> served) {
        StringBuilder text = new StringBuilder(serverVersion).append(' ').append(place);
        for (ServedVersion one : served) {
            text.append('\n').append(one.api()).append(' ').append(one.resource().verbs()).append(' ').append(one.resource().subresourcesIn(one.version()).stream().map(Subresource::name).sorted().toList());
            Object edition = custom.edition(one.api());
            if (edition != null) {
                text.append(digestOf(one.api(), edition));
            }
        }
        return digest(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// A schema is read through once, however often it is asked whether it changed.
    private String digestOf(ApiResource<?> api, Object edition) {
        Digest known = digests.get(api.toString());
        if (known == null || known.edition.get() != edition) {
            Map<String, Object> schema = custom.of(api);
            known = new Digest(new WeakReference<>(edition), schema == null ? "" : digest(Json.writePlain(schema)));
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
