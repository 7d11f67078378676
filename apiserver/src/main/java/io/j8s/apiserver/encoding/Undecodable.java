package io.j8s.apiserver.encoding;

import io.j8s.model.DecodeException;
import io.j8s.model.Json;
import io.j8s.model.JsonNull;
import io.j8s.model.Protobuf;
import io.j8s.model.Type;
import io.j8s.model.Yaml;
import io.j8s.model.meta.v1.ObjectMeta;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says of a body that could not be decoded what upstream says of it: clients show these messages to people, and look for parts of them. The body is looked at once more, by upstream's
/// rules of what is found first; where those find nothing, what our own reader found is told.
public final class Undecodable {

    private static final int MAGIC_BYTES = 4;
    private static final int SUMMARY_BYTES = 30;

    private Undecodable() {}

    /// The message for a body that should be of a type.
    ///
    /// @param own what our reader found
    public static String message(byte[] body, MediaType media, Type type, String kind, String version, DecodeException own) {
        return switch (media) {
            case JSON -> ofJson(body, body, type, kind, version, own);
            case YAML -> {
                byte[] json = json(body);
                yield json == null ? unrecognized(kind, String.valueOf(own.getMessage()), body) : ofJson(json, body, type, kind, version, own);
            }
            case PROTOBUF -> ofProtobuf(body, type, kind, version, own);
            case CBOR -> unfit(kind, version) + own.getMessage();
        };
    }

    /// The message for one that should be a custom resource.
    public static String customMessage(byte[] body, MediaType media, String kind, String version, DecodeException own) {
        byte[] json = media == MediaType.JSON ? body : media == MediaType.YAML ? json(body) : null;
        if (json == null) {
            return media == MediaType.YAML ? unrecognized(kind, String.valueOf(own.getMessage()), body) : unfit(kind, version) + own.getMessage();
        }
        String head = headProblem(json);
        if (head != null) {
            return unrecognized(kind, head, body);
        }
        String found = metadataProblem(json);
        return unfit(kind, version) + (found == null ? own.getMessage() : found);
    }

    private static @Nullable String metadataProblem(byte[] json) {
        try {
            Object metadata = Json.readPlain(json) instanceof Map<?, ?> map ? map.get("metadata") : null;
            return metadata == null ? null : GoJson.error(Json.writePlain(metadata), ObjectMeta.TYPE);
        } catch (DecodeException e) {
            return "exceeded max depth"; // well formed, but deeper than our reader goes: what else it could mind was found before
        }
    }

    /// The message for options in a body, which say nothing of their kind.
    public static String optionsMessage(byte[] body, MediaType media, Type type, DecodeException own) {
        if (media == MediaType.PROTOBUF && !Protobuf.isEnvelope(body)) {
            return "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]";
        }
        byte[] json = media == MediaType.JSON ? body : media == MediaType.YAML ? json(body) : null;
        if (json == null) {
            return String.valueOf(own.getMessage());
        }
        String head = headProblem(json);
        String found = head == null ? GoJson.error(json, type) : head;
        return found == null ? String.valueOf(own.getMessage()) : found;
    }

    /// What does not fit the type in JSON that is well formed; null: nothing that upstream would mind.
    public static @Nullable String mismatch(byte[] json, Type type) {
        return GoJson.error(json, type);
    }

    /// What is wrong with a patch that should be a JSON value of Go's type; null: nothing.
    ///
    /// @param wanted `{` or `[`
    public static @Nullable String patchProblem(byte[] patch, char wanted, String goType) {
        String syntax = GoSyntax.error(patch);
        if (syntax != null) {
            return syntax;
        }
        String text = new String(patch, StandardCharsets.UTF_8).strip();
        char first = text.charAt(0);
        return first == wanted || first == 'n' ? null : "json: cannot unmarshal " + switch (first) {
            case '{' -> "object";
            case '[' -> "array";
            case '"' -> "string";
            case 't', 'f' -> "bool";
            default -> "number";
        } + " into Go value of type " + goType;
    }

    private static String ofJson(byte[] json, byte[] body, Type type, String kind, String version, DecodeException own) {
        String head = headProblem(json);
        if (head != null) {
            return unrecognized(kind, head, body);
        }
        String found = GoJson.error(json, type);
        return unfit(kind, version) + (found == null ? own.getMessage() : found);
    }

    private static @Nullable String headProblem(byte[] json) {
        String syntax = GoSyntax.error(json);
        String problem = syntax == null ? GoJson.typeMetaError(json) : syntax;
        return problem == null ? null : "couldn't get version/kind; json parse error: " + problem;
    }

    private static String ofProtobuf(byte[] body, Type type, String kind, String version, DecodeException own) {
        if (body.length == 0) {
            return unrecognized(kind, "empty data", body);
        }
        if (!Protobuf.isEnvelope(body)) {
            return unrecognized(kind, "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]", body);
        }
        if (body.length == 4) {
            return unrecognized(kind, "empty body", body);
        }
        byte[] message;
        try {
            message = Protobuf.envelope(body).raw();
        } catch (DecodeException e) {
            String found = GoProtobuf.envelopeError(body, MAGIC_BYTES);
            return unrecognized(kind, found == null ? String.valueOf(e.getMessage()) : found, body);
        }
        String found = GoProtobuf.error(message, type);
        return unfit(kind, version) + (found == null ? own.getMessage() : found);
    }

    private static String unfit(String kind, String version) {
        return kind + " in version \"" + version + "\" cannot be handled as a " + kind + ": ";
    }

    /// The message for a body that does not even say what it is.
    public static String unrecognized(String kind, String problem, byte[] body) {
        return "the object provided is unrecognized (must be of type " + kind + "): " + problem + " (" + summary(body) + ")";
    }

    private static String summary(byte[] body) {
        if (body.length == 0) {
            return "<empty>";
        }
        byte[] begin = body.length > SUMMARY_BYTES ? Arrays.copyOf(body, SUMMARY_BYTES) : body;
        String shown = body[0] == '{' ? new String(begin, StandardCharsets.UTF_8) : HexFormat.of().formatHex(begin);
        return body.length > SUMMARY_BYTES ? shown + " ..." : shown;
    }

    /// The JSON that upstream makes of YAML: with sorted members. Null: it is no YAML.
    private static byte @Nullable [] json(byte[] yaml) {
        try {
            List<Object> documents = Yaml.readAll(yaml);
            return Json.writePlain(documents.isEmpty() ? JsonNull.NULL : Json.sorted(documents.getFirst()));
        } catch (DecodeException e) {
            return null;
        }
    }
}
