package io.j8s.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// JSON of API values: reads them by their type, writes them as upstream does. Names are matched with their case; `null` means not set; the last of
/// repeated fields wins; a value of the wrong shape is a [DecodeException] that names its path.
public final class Json {

    private static final int INTERNED = 256;

    private Json() {}

    /// Reads a value, passing over fields that the type does not declare.
    public static Struct read(Type type, byte[] json) {
        return read(type, json, 0, json.length, new Interner(INTERNED), null);
    }

    /// Reads a value and mentions what is questionable in it, in upstream's words: `unknown field "spec.foo"`, `duplicate field "spec.bar"`.
    public static Struct read(Type type, byte[] json, @Nullable Consumer<String> findings) {
        return read(type, json, 0, json.length, new Interner(INTERNED), findings);
    }

    /// Reads a value from a part of an array.
    ///
    /// @param interner shares strings between what is read with it
    /// @param findings told of unknown and repeated fields; null: nobody is
    public static Struct read(Type type, byte[] json, int offset, int length, Interner interner, @Nullable Consumer<String> findings) {
        return new JsonReader(new JsonScanner(json, offset, length), interner, findings).document(type);
    }

    public static Struct read(Type type, String json) {
        return read(type, json.getBytes(StandardCharsets.UTF_8));
    }

    /// Reads the stream to its end.
    public static Struct read(Type type, InputStream json) throws IOException {
        return read(type, json.readAllBytes());
    }

    /// Reads an object by what it says of itself: of its built-in type, or [Unstructured].
    public static Struct readObject(byte[] json) {
        TypeMeta meta = typeMeta(json);
        Type type = Types.of(meta.apiVersion(), meta.kind());
        return read(type == null ? Unstructured.TYPE : type, json);
    }

    /// What an object says of itself.
    public record TypeMeta(String apiVersion, String kind) {}

    /// Looks only for `apiVersion` and `kind`; empty where missing.
    public static TypeMeta typeMeta(byte[] json) {
        JsonScanner in = new JsonScanner(json, 0, json.length);
        String apiVersion = "";
        String kind = "";
        if (in.peek() != '{') {
            throw in.unexpected("an object");
        }
        in.position++;
        if (in.closes('}')) {
            return new TypeMeta("", "");
        }
        do {
            String name = in.string();
            in.expect(':');
            if (in.peek() == '"' && name.equals("apiVersion")) {
                apiVersion = in.string();
            } else if (in.peek() == '"' && name.equals("kind")) {
                kind = in.string();
            } else {
                in.skip(1, JsonReader.DEEPEST);
            }
        } while (in.more('}'));
        return new TypeMeta(apiVersion, kind);
    }

    /// Compact JSON, without a line end.
    public static byte[] write(Struct struct) {
        ByteOutput out = new ByteOutput(1024);
        JsonWriter.struct(out, struct);
        return out.toArray();
    }

    /// Appends compact JSON.
    public static void write(Struct struct, ByteOutput out) {
        JsonWriter.struct(out, struct);
    }

    public static String text(Struct struct) {
        ByteOutput out = new ByteOutput(1024);
        JsonWriter.struct(out, struct);
        return new String(out.array(), 0, out.length(), StandardCharsets.UTF_8);
    }

    /// Reads any JSON value as plain Java (see [Shape.Scalar#JSON]).
    public static Object readPlain(byte[] json) {
        return new JsonReader(new JsonScanner(json, 0, json.length), new Interner(INTERNED), null).plainDocument();
    }

    /// Reads any JSON value as plain Java and mentions repeated fields: `duplicate field "spec.bar"`.
    public static Object readPlain(byte[] json, Consumer<String> findings) {
        return new JsonReader(new JsonScanner(json, 0, json.length), new Interner(INTERNED), findings).plainDocument();
    }

    /// Writes plain Java (see [Shape.Scalar#JSON]; structs may be among it) compactly.
    public static byte[] writePlain(Object value) {
        ByteOutput out = new ByteOutput(256);
        JsonWriter.plain(out, value);
        return out.toArray();
    }

    /// The same JSON on many lines, indented by two spaces, as `?pretty=true` gives it.
    public static byte[] pretty(byte[] json) {
        return JsonIndent.indented(json);
    }

    /// The same plain value with the members of all objects in the order of their names, immutable.
    public static Object sorted(Object plain) {
        return switch (plain) {
            case Map<?, ?> map -> {
                CompactMap.Collector members = new CompactMap.Collector();
                map.forEach((key, value) -> members.add((String) key, value == null ? JsonNull.NULL : sorted(value)));
                yield members.sorted();
            }
            case List<?> list -> list.stream().map(element -> element == null ? JsonNull.NULL : sorted(element)).toList();
            case Integer number -> number.longValue();
            default -> plain;
        };
    }
}
