package io.j8s.apiserver.openapi;

import static io.j8s.apiserver.openapi.Wire.bool;
import static io.j8s.apiserver.openapi.Wire.each;
import static io.j8s.apiserver.openapi.Wire.integer;
import static io.j8s.apiserver.openapi.Wire.later;
import static io.j8s.apiserver.openapi.Wire.message;
import static io.j8s.apiserver.openapi.Wire.named;
import static io.j8s.apiserver.openapi.Wire.namedLater;
import static io.j8s.apiserver.openapi.Wire.number;
import static io.j8s.apiserver.openapi.Wire.object;
import static io.j8s.apiserver.openapi.Wire.string;
import static io.j8s.apiserver.openapi.Wire.strings;

import io.j8s.apiserver.openapi.Wire.Content;
import io.j8s.apiserver.openapi.Wire.Member;
import io.j8s.model.ByteOutput;
import java.util.Map;

/// OpenAPI documents as protobuf, in the messages of gnostic's `OpenAPIv2.proto` and `OpenAPIv3.proto`: what clients ask for under
/// `application/com.github.proto-openapi.spec.v2@v1.0+protobuf` and its v3 sibling.
final class Gnostic {

    private final Content document;

    private Gnostic(Content document) {
        this.document = document;
    }

    static Gnostic of(Dialect dialect) {
        return new Gnostic(dialect == Dialect.V2 ? new V2().document() : new V3().document());
    }

    byte[] write(Map<String, Object> json) {
        ByteOutput out = new ByteOutput(1 << 16);
        document.write(json, out);
        return out.toArray();
    }

    private static Member member(String name, Content content) {
        return new Member(name, content);
    }

    private static Content any(int number) {
        return message(number, Wire::yaml);
    }

    /// A message for references and another for everything else, in fields of one message.
    private static Content either(Content reference, Content other) {
        return (value, out) -> (value instanceof Map<?, ?> map && map.containsKey("$ref") ? reference : other).write(value, out);
    }

    /// `additionalProperties`: a truth, or a schema.
    private static Content additional(Content schema) {
        return (value, out) -> (value instanceof Boolean ? bool(2) : schema).write(value, out);
    }

    private static final class V2 {
        private final Content schema = schema();
        private final Content info = object(7, member("title", string(1)), member("version", string(2)), member("description", string(3)));
        private final Content operation = object(
                13,
                member("tags", strings(1)), member("summary", string(2)), member("description", string(3)), member("operationId", string(5)),
                member("produces", strings(6)), member("consumes", strings(7)), member("parameters", each(8, this::parameter)),
                member("responses", message(9, named(1, message(1, response())))), member("schemes", strings(10)), member("deprecated", bool(11)));

        Content document() {
            return object(
                    16, member("swagger", string(1)), member("info", message(2, info)), member("paths", message(8, namedLater(2, this::pathItem))),
                    member("definitions", message(9, named(1, schema))));
        }

        private Content pathItem() {
            return object(
                    10, member("get", message(2, operation)), member("put", message(3, operation)), member("post", message(4, operation)),
                    member("delete", message(5, operation)), member("patch", message(8, operation)), member("parameters", each(9, this::parameter)));
        }

        private Content parameter() {
            Content body = message(1, message(1, object(
                    6, member("description", string(1)), member("name", string(2)), member("in", string(3)), member("required", bool(4)),
                    member("schema", message(5, schema)))));
            Content query = message(1, message(2, message(3, object(
                    23, member("required", bool(1)), member("in", string(2)), member("description", string(3)), member("name", string(4)),
                    member("type", string(6)), member("format", string(7)), member("uniqueItems", bool(20))))));
            Content path = message(1, message(2, message(4, object(
                    22, member("required", bool(1)), member("in", string(2)), member("description", string(3)), member("name", string(4)),
                    member("type", string(5)), member("format", string(6)), member("uniqueItems", bool(19))))));
            return (value, out) -> {
                Object in = value instanceof Map<?, ?> map ? map.get("in") : "";
                ("body".equals(in) ? body : "path".equals(in) ? path : query).write(value, out);
            };
        }

        private Content response() {
            return object(5, member("description", string(1)), member("schema", message(2, later(1, () -> schema))));
        }

        private Content schema() {
            return object(
                    31,
                    member("$ref", string(1)), member("format", string(2)), member("title", string(3)), member("description", string(4)),
                    member("default", any(5)), member("multipleOf", number(6)), member("maximum", number(7)), member("exclusiveMaximum", bool(8)),
                    member("minimum", number(9)), member("exclusiveMinimum", bool(10)), member("maxLength", integer(11)), member("minLength", integer(12)),
                    member("pattern", string(13)), member("maxItems", integer(14)), member("minItems", integer(15)), member("uniqueItems", bool(16)),
                    member("maxProperties", integer(17)), member("minProperties", integer(18)), member("required", strings(19)),
                    member("enum", each(20, () -> Wire::yaml)),
                    member("additionalProperties", message(21, additional(later(1, () -> schema)))), member("type", message(22, strings(1))),
                    member("items", message(23, later(1, () -> schema))), member("allOf", each(24, () -> schema)),
                    member("properties", message(25, namedLater(1, () -> schema))), member("readOnly", bool(27)));
        }
    }

    private static final class V3 {
        private final Content reference = object(99, member("$ref", string(1)), member("summary", string(2)), member("description", string(3)));
        private final Content schema = schema();
        private final Content schemaOrReference = either(message(2, reference), later(1, () -> schema));
        private final Content media = named(1, object(5, member("schema", message(1, schemaOrReference))));
        private final Content operation = object(
                13,
                member("tags", strings(1)), member("summary", string(2)), member("description", string(3)), member("operationId", string(5)),
                member("parameters", each(6, () -> message(1, parameter()))), member("requestBody", message(7, message(1, requestBody()))),
                member("responses", message(8, named(2, message(1, response())))), member("deprecated", bool(10)));

        Content document() {
            Content info = object(7, member("title", string(1)), member("description", string(2)), member("version", string(6)));
            Content components = object(10, member("schemas", message(1, named(1, schemaOrReference))));
            return object(
                    9, member("openapi", string(1)), member("info", message(2, info)), member("paths", message(4, namedLater(1, this::pathItem))),
                    member("components", message(5, components)));
        }

        private Content pathItem() {
            return object(
                    14, member("get", message(4, operation)), member("put", message(5, operation)), member("post", message(6, operation)),
                    member("delete", message(7, operation)), member("patch", message(10, operation)), member("parameters", each(13, () -> message(1, parameter()))));
        }

        private Content parameter() {
            return object(
                    14, member("name", string(1)), member("in", string(2)), member("description", string(3)), member("required", bool(4)),
                    member("schema", message(10, schemaOrReference)));
        }

        private Content requestBody() {
            return object(4, member("description", string(1)), member("content", message(2, media)), member("required", bool(3)));
        }

        private Content response() {
            return object(5, member("description", string(1)), member("content", message(3, media)));
        }

        private Content defaultValue() {
            return (value, out) -> {
                if (value instanceof Number) {
                    number(1).write(value, out);
                } else if (value instanceof Boolean) {
                    bool(2).write(value, out);
                } else if (value instanceof String) {
                    string(3).write(value, out);
                }
            };
        }

        private Content schema() {
            Content nested = either(message(2, object(99, member("$ref", string(1)))), later(1, () -> schema));
            return object(
                    36,
                    member("nullable", bool(1)), member("readOnly", bool(3)), member("title", string(9)), member("multipleOf", number(10)),
                    member("maximum", number(11)), member("exclusiveMaximum", bool(12)), member("minimum", number(13)), member("exclusiveMinimum", bool(14)),
                    member("maxLength", integer(15)), member("minLength", integer(16)), member("pattern", string(17)), member("maxItems", integer(18)),
                    member("minItems", integer(19)), member("uniqueItems", bool(20)), member("maxProperties", integer(21)), member("minProperties", integer(22)),
                    member("required", strings(23)), member("enum", each(24, () -> Wire::yaml)), member("type", string(25)),
                    member("allOf", each(26, () -> nested)), member("oneOf", each(27, () -> nested)), member("anyOf", each(28, () -> nested)),
                    member("not", later(29, () -> schema)), member("items", message(30, message(1, nested))), member("properties", message(31, named(1, nested))),
                    member("additionalProperties", message(32, additional(message(1, nested)))), member("default", message(33, defaultValue())),
                    member("description", string(34)), member("format", string(35)));
        }
    }
}
