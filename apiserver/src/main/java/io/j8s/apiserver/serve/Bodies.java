package io.j8s.apiserver.serve;

import io.j8s.apiserver.encoding.MediaType;
import io.j8s.apiserver.encoding.Undecodable;
import io.j8s.apiserver.operation.Call;
import io.j8s.apiserver.resource.ObjectReader;
import io.j8s.apiserver.resource.Version;
import io.j8s.apiserver.status.CustomProblems;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.http.BodyTooLargeException;
import io.j8s.http.Exchange;
import io.j8s.model.ApiResource;
import io.j8s.model.Cbor;
import io.j8s.model.DecodeException;
import io.j8s.model.Field;
import io.j8s.model.Interner;
import io.j8s.model.Json;
import io.j8s.model.JsonNull;
import io.j8s.model.Objects;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.Yaml;
import io.j8s.model.schema.SchemaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads and decodes the bodies of requests.
final class Bodies {

    private static final int LIMIT_BYTES = 3 * 1024 * 1024;
    private static final int MOST_FINDINGS = 10;
    /// What clients send is kept for as long as the object lives, and most of it was sent before: labels, images, reasons, sizes.
    private static final Interner SHARED = new Interner(1 << 14);

    private Bodies() {}

    /// The whole body; refused with 413 when it is larger than the server takes.
    static byte[] read(Exchange exchange) throws IOException {
        try (InputStream body = exchange.body()) {
            byte[] bytes = body.readNBytes(LIMIT_BYTES + 1);
            if (bytes.length > LIMIT_BYTES) {
                throw tooLarge();
            }
            if (exchange instanceof MarkedExchange marked) {
                marked.received(bytes.length);
            }
            return bytes;
        } catch (BodyTooLargeException e) {
            throw tooLarge();
        }
    }

    private static Refusal tooLarge() {
        return Refusal.tooLarge("limit is " + LIMIT_BYTES);
    }

    /// The media type of the body, refused with 415 when it is none of those accepted.
    static MediaType mediaType(Exchange exchange, List<MediaType> accepted) {
        MediaType type = MediaType.ofBody(exchange.headers().get("content-type"));
        if (type == null || !accepted.contains(type)) {
            throw Refusal.unsupportedMediaType(accepted.stream().map(MediaType::text).toList());
        }
        return type;
    }

    /// Decodes an object that must be of a kind; it need not say so.
    ///
    /// @param fieldValidation `Strict` refuses, `Warn` mentions and `Ignore` passes over unknown and repeated fields
    static Struct decode(byte[] body, MediaType media, Type type, String group, String version, String kind, String fieldValidation, Call call) {
        List<String> findings = new ArrayList<>(0);
        boolean listen = !fieldValidation.equals("Ignore");
        Struct object;
        try {
            object = switch (media) {
                case JSON -> isNull(body) ? type.empty() : Json.read(type, body, 0, body.length, SHARED, listen ? findings::add : null);
                case YAML -> isEmptyYaml(body) ? type.empty() : Yaml.read(type, firstDocument(body), listen ? findings::add : null);
                case PROTOBUF -> protobuf(type, body);
                case CBOR -> Json.read(type, Json.writePlain(Cbor.readPlain(body)), listen ? findings::add : null);
            };
        } catch (DecodeException e) {
            throw Refusal.badRequest(Undecodable.message(body, media, type, kind, version, e));
        }
        checkKind(object, group, version, kind);
        report(findings, fieldValidation, call, unfit(kind, version));
        Struct named = Objects.kind(object).isEmpty() || Objects.apiVersion(object).isEmpty() ? named(object, group, version, kind) : object;
        call.sent(() -> named);
        return named;
    }

    /// The message in an envelope; what the envelope says of encoding and type is passed over, as upstream does.
    private static Struct protobuf(Type type, byte[] body) {
        Protobuf.Envelope envelope = Protobuf.envelope(body);
        if (envelope.apiVersion().isEmpty() && envelope.kind().isEmpty() && envelope.raw().length == 0) {
            throw new DecodeException("", "the protobuf envelope is empty");
        }
        Struct message = Protobuf.readSent(type, envelope.raw(), SHARED);
        Field kind = type.field("kind");
        Field apiVersion = type.field("apiVersion");
        return kind == null || apiVersion == null
                ? message
                : message.with(kind, emptyToNull(envelope.kind())).with(apiVersion, emptyToNull(envelope.apiVersion()));
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    /// Of several YAML documents only the first with content counts.
    private static byte[] firstDocument(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        if (!text.contains("\n---")) {
            return body;
        }
        for (String document : text.split("(?m)^---\\s*$")) {
            if (document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#"))) {
                return document.getBytes(StandardCharsets.UTF_8);
            }
        }
        return body;
    }

    /// `null` stands for an object with nothing in it.
    static boolean isNull(byte[] body) {
        return body.length < 16 && new String(body, StandardCharsets.UTF_8).strip().equals("null");
    }

    /// A document without content stands for `null`.
    private static boolean isEmptyYaml(byte[] body) {
        return isNull(body) || (body.length < 1024 && new String(body, StandardCharsets.UTF_8).lines().allMatch(line -> line.isBlank() || line.startsWith("#")));
    }

    static Struct decode(byte[] body, MediaType media, Version<?, ?> served, String fieldValidation, Call call) {
        ApiResource<?> resource = served.resource();
        ObjectReader reader = served.reader();
        Struct sent = reader == null
                ? decode(body, media, resource.type(), resource.group(), resource.version(), resource.kind(), fieldValidation, call)
                : decodeCustom(body, media, resource, reader, fieldValidation, call);
        call.sent(() -> served.withDefaults(sent));
        return sent;
    }

    private static Struct decodeCustom(byte[] body, MediaType media, ApiResource<?> resource, ObjectReader reader, String fieldValidation, Call call) {
        List<String> findings = new ArrayList<>(0);
        Struct object;
        try {
            Object plain = switch (media) {
                case JSON -> Json.readPlain(body, findings::add);
                case YAML -> onlyDocument(body);
                case CBOR -> Cbor.readPlain(body);
                case PROTOBUF -> throw Refusal.unsupportedMediaType(List.of(MediaType.JSON.text(), MediaType.YAML.text()));
            };
            if (plain instanceof Map<?, ?> map) {
                checkKind(map, resource, body);
            }
            object = reader.read(plain, findings::add);
        } catch (DecodeException e) {
            throw Refusal.badRequest(Undecodable.customMessage(body, media, resource.kind(), resource.version(), e));
        } catch (SchemaException e) {
            if (!fieldValidation.equals("Ignore")) {
                report(findings, fieldValidation, call, unfit(resource.kind(), resource.version()));
            }
            throw CustomProblems.refusal(resource, e.name(), e.problems());
        }
        if (!fieldValidation.equals("Ignore")) {
            report(findings, fieldValidation, call, unfit(resource.kind(), resource.version()));
        }
        return named(object, resource.group(), resource.version(), resource.kind());
    }

    private static Object onlyDocument(byte[] yaml) {
        List<Object> documents = Yaml.readAll(yaml);
        if (documents.size() != 1) {
            throw new DecodeException("", "must be one YAML document, not " + documents.size());
        }
        return documents.getFirst();
    }

    /// A custom resource must say what it is.
    private static void checkKind(Map<?, ?> object, ApiResource<?> resource, byte[] body) {
        if (!(object.get("kind") instanceof String kind) || kind.isEmpty()) {
            if (object.get("kind") == null || object.get("kind") instanceof String || object.get("kind") == JsonNull.NULL) {
                throw Refusal.badRequest(Undecodable.unrecognized(resource.kind(), "Object 'Kind' is missing in '" + new String(body, StandardCharsets.UTF_8) + "'", body));
            }
            throw new DecodeException("kind", "must be a string");
        }
        String said = object.get("apiVersion") instanceof String text ? text : "";
        if (!said.equals(resource.apiVersion())) {
            throw Refusal.badRequest("the API version in the data (" + said + ") does not match the expected API version (" + resource.apiVersion() + ")");
        }
        if (!kind.equals(resource.kind())) {
            Object name = object.get("metadata") instanceof Map<?, ?> metadata ? metadata.get("name") : null;
            FieldErrors errors = new FieldErrors();
            errors.invalid(FieldPath.of("kind"), kind, "must be " + resource.kind());
            throw Refusal.invalid(resource.group(), kind, name instanceof String text ? text : "", errors.list());
        }
    }

    private static String unfit(String kind, String version) {
        return kind + " in version \"" + version + "\" cannot be handled as a " + kind + ": ";
    }

    /// Strict findings: refused, or mentioned in warnings.
    private static void report(List<String> findings, String fieldValidation, Call call, String what) {
        if (findings.isEmpty()) {
            return;
        }
        List<String> some = findings.size() > MOST_FINDINGS ? findings.subList(0, MOST_FINDINGS) : findings;
        if (fieldValidation.equals("Strict")) {
            throw Refusal.badRequest(what + "strict decoding error: " + strict(some));
        }
        some.forEach(call::warn);
    }

    /// What is repeated in YAML is found first, and told together.
    private static String strict(List<String> findings) {
        List<String> repeated = findings.stream().filter(Bodies::isOfYaml).toList();
        List<String> all = new ArrayList<>(findings.stream().filter(finding -> !isOfYaml(finding)).toList());
        if (!repeated.isEmpty()) {
            all.addFirst("yaml: unmarshal errors:\n  " + String.join("\n  ", repeated));
        }
        return String.join(", ", all);
    }

    private static boolean isOfYaml(String finding) {
        return finding.startsWith("line ") && finding.endsWith("already set in map");
    }

    private static void checkKind(Struct object, String group, String version, String kind) {
        String expected = group.isEmpty() ? version : group + "/" + version;
        String apiVersion = Objects.apiVersion(object);
        String said = Objects.kind(object);
        if (!apiVersion.isEmpty() && !apiVersion.equals(expected)) {
            throw Refusal.badRequest("the API version in the data (" + apiVersion + ") does not match the expected API version (" + expected + ")");
        }
        if (!said.isEmpty() && !said.equals(kind)) {
            throw Refusal.badRequest("the kind in the data (" + said + ") does not match the expected kind (" + kind + ")");
        }
    }

    private static Struct named(Struct object, String group, String version, String kind) {
        Type type = object.structType();
        if (!type.kind().isEmpty()) {
            return Objects.typed(object);
        }
        io.j8s.model.Field kindField = java.util.Objects.requireNonNull(type.field("kind"));
        io.j8s.model.Field versionField = java.util.Objects.requireNonNull(type.field("apiVersion"));
        return object.with(kindField, kind).with(versionField, group.isEmpty() ? version : group + "/" + version);
    }
}
