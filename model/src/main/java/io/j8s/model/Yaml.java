package io.j8s.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// YAML of API values: what upstream's reader makes of it (YAML 1.1's words `yes`, `no`, `on`, `off` are booleans; `0o17` and `017` are octal), read by
/// the rules of JSON from there on. Errors name line and column, or the field's path.
public final class Yaml {

    private Yaml() {}

    /// Reads the only document.
    ///
    /// @throws DecodeException when it is malformed, no object, or there are several documents with content
    public static Struct read(Type type, byte[] yaml) {
        return read(type, yaml, null);
    }

    public static Struct read(Type type, String yaml) {
        return read(type, yaml.getBytes(StandardCharsets.UTF_8), null);
    }

    /// As above, telling of unknown and repeated fields.
    public static Struct read(Type type, byte[] yaml, @Nullable Consumer<String> findings) {
        return PlainJson.struct(type, object(single(yaml, findings)), findings);
    }

    /// Reads an object by what it says of itself: of its built-in type, or [Unstructured].
    public static Struct readObject(byte[] yaml) {
        return object(object(single(yaml, null)), null);
    }

    /// Reads all documents of a stream as objects; empty documents are passed over.
    public static List<Struct> readObjects(byte[] yaml) {
        return readAll(yaml).stream().filter(document -> document != JsonNull.NULL).map(document -> object(object(document), null)).toList();
    }

    /// Reads all documents as plain Java (see [PlainJson]); an empty document is [JsonNull].
    public static List<Object> readAll(byte[] yaml) {
        return documents(yaml, null);
    }

    /// The JSON of the only document.
    public static byte[] toJson(byte[] yaml) {
        return Json.writePlain(single(yaml, null));
    }

    private static Object single(byte[] yaml, @Nullable Consumer<String> findings) {
        List<Object> filled = documents(yaml, findings).stream().filter(document -> document != JsonNull.NULL).toList();
        if (filled.size() > 1) {
            throw new DecodeException("", "wanted one YAML document, found " + filled.size());
        }
        return filled.isEmpty() ? JsonNull.NULL : filled.getFirst();
    }

    private static List<Object> documents(byte[] yaml, @Nullable Consumer<String> findings) {
        Object json = JsonInYaml.read(yaml);
        return json == null ? new YamlReader(text(yaml), findings).documents() : List.of(json);
    }

    private static String text(byte[] yaml) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(yaml)).toString();
        } catch (CharacterCodingException e) {
            throw new DecodeException("", "yaml: invalid leading UTF-8 octet");
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object plain) {
        if (plain instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new DecodeException("", "wanted an object as the YAML document, found " + (plain == JsonNull.NULL ? "nothing" : plain));
    }

    private static Struct object(Map<String, Object> members, @Nullable Consumer<String> findings) {
        Type type = members.get("apiVersion") instanceof String apiVersion && members.get("kind") instanceof String kind
                ? Types.of(apiVersion, kind)
                : null;
        return PlainJson.struct(type == null ? Unstructured.TYPE : type, members, findings);
    }

    /// Block style with sorted keys, as kubectl prints it, with a line end.
    public static String write(Struct struct) {
        return writePlain(PlainJson.of(struct));
    }

    /// Plain Java (see [PlainJson]) in block style with sorted keys.
    public static String writePlain(Object plain) {
        return YamlWriter.text(plain);
    }
}
