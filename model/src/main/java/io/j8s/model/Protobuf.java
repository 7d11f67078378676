package io.j8s.model;

import java.util.Arrays;

/// Protobuf of API values, as upstream stores and serves it: an envelope (`k8s\0` and a runtime.Unknown) around the message of the type. The bytes written
/// are those that upstream writes for the same object.
public final class Protobuf {

    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int INTERNED = 256;

    private Protobuf() {}

    /// What stands around a message.
    ///
    /// @param raw the message, or whatever `contentType` says
    public record Envelope(String apiVersion, String kind, String contentEncoding, String contentType, byte[] raw) {}

    public static boolean isEnvelope(byte[] bytes) {
        return bytes.length >= 4 && Arrays.equals(bytes, 0, 4, MAGIC, 0, 4);
    }

    /// @throws DecodeException when the bytes are no envelope
    public static Envelope envelope(byte[] bytes) {
        if (!isEnvelope(bytes)) {
            throw new DecodeException("", "no protobuf of Kubernetes: it must begin with the four bytes 'k' '8' 's' 0");
        }
        ProtobufReader in = new ProtobufReader(bytes, 4, bytes.length - 4, new Interner(16));
        String apiVersion = "";
        String kind = "";
        String encoding = "";
        String type = "";
        byte[] raw = new byte[0];
        while (in.next()) {
            switch (in.number()) {
                case 1 -> {
                    ProtobufReader meta = in.nested();
                    while (meta.next()) {
                        switch (meta.number()) {
                            case 1 -> apiVersion = meta.string();
                            case 2 -> kind = meta.string();
                            default -> meta.skip();
                        }
                    }
                }
                case 2 -> raw = in.bytes();
                case 3 -> encoding = in.string();
                case 4 -> type = in.string();
                default -> in.skip();
            }
        }
        return new Envelope(apiVersion, kind, encoding, type, raw);
    }

    /// Reads an object in its envelope; what the envelope says of its kind becomes the object's own `apiVersion` and `kind`.
    ///
    /// @throws DecodeException also when what is in the envelope is no plain protobuf
    public static Struct read(Type type, byte[] bytes) {
        return read(type, envelope(bytes), new Interner(INTERNED));
    }

    public static Struct read(Type type, byte[] bytes, Interner interner) {
        return read(type, envelope(bytes), interner);
    }

    private static Struct read(Type type, Envelope envelope, Interner interner) {
        if (!envelope.contentEncoding.isEmpty()) {
            throw new DecodeException("", "the content encoding \"" + envelope.contentEncoding + "\" in a protobuf envelope is not known");
        }
        if (envelope.contentType.equals("application/json")) {
            return Json.read(type, envelope.raw, 0, envelope.raw.length, interner, null);
        }
        Struct struct = readMessage(type, envelope.raw, interner);
        return named(named(struct, "kind", envelope.kind), "apiVersion", envelope.apiVersion);
    }

    private static Struct named(Struct struct, String name, String value) {
        Field field = struct.structType().field(name);
        return field == null || value.isEmpty() || field.number() != 0 ? struct : struct.with(field, value);
    }

    /// Reads an object by what its envelope says.
    ///
    /// @throws DecodeException when that is no built-in type
    public static Struct readObject(byte[] bytes) {
        Envelope envelope = envelope(bytes);
        Type type = Types.of(envelope.apiVersion, envelope.kind);
        if (type == null) {
            throw new DecodeException("", "no built-in type for apiVersion \"" + envelope.apiVersion + "\", kind \"" + envelope.kind
                    + "\": objects of other kinds have no protobuf");
        }
        return read(type, envelope, new Interner(INTERNED));
    }

    /// Reads a bare message.
    public static Struct readMessage(Type type, byte[] bytes) {
        return readMessage(type, bytes, new Interner(INTERNED));
    }

    public static Struct readMessage(Type type, byte[] bytes, Interner interner) {
        return new ProtobufReader(bytes, 0, bytes.length, interner).struct(type);
    }

    /// Reads a bare message of somebody whom nothing obliges to send what we would: embedded JSON must be some, too.
    public static Struct readSent(Type type, byte[] bytes, Interner interner) {
        return new ProtobufReader(bytes, 0, bytes.length, interner).looksIntoRaw().struct(type);
    }

    /// Writes an object in its envelope, which says the object's own `apiVersion` and `kind`, or else those of its type.
    public static byte[] write(Struct struct) {
        Type type = struct.structType();
        String apiVersion = Objects.apiVersion(struct);
        String kind = Objects.kind(struct);
        return write(struct, apiVersion.isEmpty() ? type.apiVersion() : apiVersion, kind.isEmpty() ? type.kind() : kind);
    }

    public static byte[] write(Struct struct, String apiVersion, String kind) {
        requireProtobuf(struct.structType());
        ProtobufWriter out = new ProtobufWriter(1024);
        out.string(4, "");
        out.string(3, "");
        out.message(2, struct);
        out.typeMeta(1, apiVersion, kind);
        out.raw(MAGIC);
        return out.toArray();
    }

    /// Writes a bare message.
    public static byte[] writeMessage(Struct struct) {
        requireProtobuf(struct.structType());
        ProtobufWriter out = new ProtobufWriter(1024);
        out.struct(struct);
        return out.toArray();
    }

    /// Whether values of this type can be written as protobuf.
    public static boolean supports(Type type) {
        return !type.preservesUnknown() && (type.fields().isEmpty() || type.protobufLayout().ascending().length > 0);
    }

    private static void requireProtobuf(Type type) {
        if (!supports(type)) {
            throw new IllegalArgumentException(type + " has no protobuf: use JSON");
        }
    }
}
