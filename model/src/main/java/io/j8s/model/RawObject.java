package io.j8s.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An embedded object of any kind (runtime.RawExtension), as the bytes it came in: JSON, or the protobuf envelope (`k8s\0`). Immutable.
public final class RawObject {

    private final byte[] bytes;

    private RawObject(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Takes the bytes as they are: they must not change afterwards.
    public static RawObject wrap(byte[] bytes) {
        return new RawObject(bytes);
    }

    /// From JSON text.
    public static RawObject ofJson(String json) {
        return new RawObject(json.getBytes(StandardCharsets.UTF_8));
    }

    /// The bytes themselves; never to be changed.
    public byte[] bytes() {
        return bytes;
    }

    /// The JSON without white space between its parts: what upstream writes, whatever came in.
    public byte[] compactBytes() {
        return new JsonScanner(bytes, 0, bytes.length).raw();
    }

    /// @throws DecodeException when the bytes are not one JSON value
    void requireJson() {
        JsonScanner in = new JsonScanner(bytes, 0, bytes.length);
        in.skip(0, JsonReader.DEEPEST);
        if (in.peek() != 0 || in.position < in.end) {
            throw in.unexpected("the end of the text");
        }
    }

    /// Whether the bytes are a protobuf envelope and not JSON.
    public boolean isProtobuf() {
        return bytes.length >= 4 && bytes[0] == 'k' && bytes[1] == '8' && bytes[2] == 's' && bytes[3] == 0;
    }

    /// From a value: its JSON.
    public static RawObject of(Struct struct) {
        return new RawObject(Json.write(struct));
    }

    /// The object: of its built-in type, or [Unstructured].
    ///
    /// @throws DecodeException when the bytes are no object
    public Struct decoded() {
        return isProtobuf() ? Protobuf.readObject(bytes) : Json.readObject(bytes);
    }

    /// The object as a value of this type.
    ///
    /// @throws DecodeException when the bytes are no such object
    public Struct decoded(Type type) {
        return isProtobuf() ? Protobuf.read(type, bytes) : Json.read(type, bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RawObject that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return isProtobuf() ? "protobuf of " + bytes.length + " bytes" : new String(bytes, StandardCharsets.UTF_8);
    }
}
