package io.j8s.model.patch;

import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.JsonNull;
import io.j8s.model.Objects;
import io.j8s.model.PlainJson;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// The three kinds of patch, as the API server applies them. What a patch does not touch stays the very same object.
///
/// Each takes the live object, the patch's JSON, and a listener that is told what is questionable in the patch, in upstream's words
/// (`unknown field "spec.foo"`, `duplicate field "spec.bar"`): what fieldValidation warns of or refuses. Faults are [PatchException]s, whose kind says how
/// to answer.
public final class Patches {

    private static final int MOST_OPERATIONS = 10_000;

    private Patches() {}

    /// RFC 6902, as upstream's library reads it: a replaced member need not exist, indexes may be negative.
    public static Struct json(Struct live, byte[] patch, Consumer<String> findings) {
        return json(live, patch, findings, patched -> reader(findings).message(live.structType(), patched, Place.ROOT));
    }

    /// As above, for objects that are read by a schema of their own (custom resources).
    ///
    /// @param reader makes the object from the patched plain JSON; what it throws is thrown
    public static Struct json(Struct live, byte[] patch, Consumer<String> findings, Function<Object, Struct> reader) {
        Object operations = read(patch, text -> findings.accept("json patch " + text));
        if (operations == JsonNull.NULL) {
            return live;
        }
        if (!(operations instanceof List<?> list)) {
            throw malformed("a JSON patch must be a list of operations");
        }
        if (list.size() > MOST_OPERATIONS) {
            throw new PatchException(
                    PatchException.Kind.TOO_LARGE, "The allowed maximum operations in a JSON patch is " + MOST_OPERATIONS + ", got " + list.size());
        }
        Object patched = new JsonPatch(PlainJson.of(live), findings).apply(list);
        return ofItsKind(live, Sharing.with(live, reader.apply(patched)));
    }

    /// RFC 7386
    public static Struct merge(Struct live, byte[] patch, Consumer<String> findings) {
        return ofItsKind(live, new MergePatch(reader(findings)).message(live.structType(), live, object(patch, findings), Place.ROOT));
    }

    /// As above, for objects that are read by a schema of their own (custom resources).
    ///
    /// @param reader makes the object from the patched plain JSON; what it throws is thrown
    public static Struct merge(Struct live, byte[] patch, Consumer<String> findings, Function<Object, Struct> reader) {
        Object patched = MergePatch.plain(PlainJson.of(live), object(patch, findings));
        return ofItsKind(live, Sharing.with(live, reader.apply(patched == null ? Map.of() : patched)));
    }

    private static Map<?, ?> object(byte[] patch, Consumer<String> findings) {
        if (read(patch, findings) instanceof Map<?, ?> map) {
            return map;
        }
        throw malformed("a merge patch must be an object");
    }

    /// Kubernetes' strategic merge patch. Only for built-in types: the schema of custom resources has no patch strategies.
    public static Struct strategic(Struct live, byte[] patch, Consumer<String> findings) {
        return switch (read(patch, findings)) {
            case JsonNull _ -> live;
            case Map<?, ?> map -> named(live, new StrategicMerge(new PlainReader(place -> findings.accept("unknown field \"" + place + "\""), true)).message(live.structType(), live, map, Place.ROOT));
            default -> throw malformed("a strategic merge patch must be an object");
        };
    }

    /// What such a patch says of the kind is passed over.
    private static Struct named(Struct live, Struct object) {
        boolean same = Objects.kind(object).equals(Objects.kind(live)) && Objects.apiVersion(object).equals(Objects.apiVersion(live));
        return same ? object : Objects.typed(object);
    }

    private static PlainReader reader(Consumer<String> findings) {
        return new PlainReader(place -> findings.accept("unknown field \"" + place + "\""));
    }

    private static Object read(byte[] patch, Consumer<String> findings) {
        try {
            return Json.readPlain(patch, findings);
        } catch (DecodeException e) {
            throw malformed("the patch is not JSON: " + e.getMessage());
        }
    }

    private static PatchException malformed(String text) {
        return new PatchException(PatchException.Kind.MALFORMED, text);
    }

    private static Struct ofItsKind(Struct live, Struct object) {
        Type type = object.structType();
        if (!type.kind().isEmpty()) {
            must("kind", Objects.kind(object), type.kind());
            must("apiVersion", Objects.apiVersion(object), type.apiVersion());
            if (Objects.apiVersion(object).isEmpty() && !Objects.apiVersion(live).isEmpty()) {
                throw new PatchException(PatchException.Kind.NO_VERSION, "Object 'apiVersion' is missing in the patched object");
            }
        }
        return Objects.apiVersion(live).isEmpty() ? object : Objects.typed(object);
    }

    private static void must(String field, String found, String expected) {
        if (!found.isEmpty() && !found.equals(expected)) {
            throw new PatchException(PatchException.Kind.INVALID_RESULT, field + ": must stay " + expected + ", the patch makes it " + found);
        }
    }
}
