package io.j8s.model;

import java.util.Map;

/// CBOR of API values (RFC 8949), in the data model of JSON, as upstream serves it: begun by the tag of self-described CBOR, map keys sorted by their
/// bytes, strings as byte strings.
public final class Cbor {

    private static final byte[] SELF_DESCRIBED = {(byte) 0xD9, (byte) 0xD9, (byte) 0xF7};

    private Cbor() {}

    public static boolean isCbor(byte[] bytes) {
        return bytes.length >= 3 && bytes[0] == SELF_DESCRIBED[0] && bytes[1] == SELF_DESCRIBED[1] && bytes[2] == SELF_DESCRIBED[2];
    }

    public static byte[] write(Struct struct) {
        return writePlain(PlainJson.of(struct));
    }

    /// Plain Java (see [PlainJson]), after the tag of self-described CBOR.
    public static byte[] writePlain(Object plain) {
        ByteOutput out = new ByteOutput(1024);
        out.put(SELF_DESCRIBED);
        new CborWriter(out).value(plain);
        return out.toArray();
    }

    /// @throws DecodeException when the bytes are malformed, no object, or have members of the wrong shape
    @SuppressWarnings("unchecked")
    public static Struct read(Type type, byte[] bytes) {
        if (readPlain(bytes) instanceof Map<?, ?> map) {
            return PlainJson.struct(type, (Map<String, Object>) map);
        }
        throw new DecodeException("", "wanted an object as CBOR");
    }

    /// Reads one value, with or without the tag, as plain Java (see [PlainJson]).
    public static Object readPlain(byte[] bytes) {
        return new CborReader(bytes, isCbor(bytes) ? SELF_DESCRIBED.length : 0).document();
    }
}
