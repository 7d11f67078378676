package io.j8s.client.https;

import io.j8s.model.ApiResource;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Protobuf;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.Types;

/// The two formats on the wire.
enum Codec {
    JSON("application/json", "application/json") {
        @Override
        byte[] write(Struct object) {
            return Json.write(Objects.typed(object));
        }
    },
    PROTOBUF("application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf,application/json") {
        @Override
        byte[] write(Struct object) {
            Struct typed = Objects.typed(object);
            return Protobuf.write(Objects.untyped(typed), Objects.apiVersion(typed), Objects.kind(typed));
        }
    };

    private final String contentType;
    private final String accept;

    Codec(String contentType, String accept) {
        this.contentType = contentType;
        this.accept = accept;
    }

    abstract byte[] write(Struct object);

    /// Protobuf for built-in types when it is wanted, JSON for all others.
    static Codec of(ApiResource<?> resource, boolean protobuf) {
        return protobuf && builtIn(resource.type()) ? PROTOBUF : JSON;
    }

    /// For a body of this type.
    static Codec of(Type type, boolean protobuf) {
        return protobuf && builtIn(type) ? PROTOBUF : JSON;
    }

    private static boolean builtIn(Type type) {
        return !type.kind().isEmpty() && Types.named(type.name()) == type && Protobuf.supports(type);
    }

    String contentType() {
        return contentType;
    }

    String accept() {
        return accept;
    }

    String acceptWatch() {
        return this == JSON ? "application/json" : "application/vnd.kubernetes.protobuf;stream=watch,application/json";
    }

    /// Reads what the server sent, whichever of the formats it chose.
    static Struct read(Type type, byte[] body) {
        return Protobuf.isEnvelope(body) ? Protobuf.read(type, body) : Json.read(type, body);
    }

    /// The kind that an answer says it is of.
    static String kind(byte[] body) {
        return Protobuf.isEnvelope(body) ? Protobuf.envelope(body).kind() : Json.typeMeta(body).kind();
    }
}
