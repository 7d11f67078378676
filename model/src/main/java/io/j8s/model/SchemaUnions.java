package io.j8s.model;

import io.j8s.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The protobuf of those parts of a JSON schema that are one thing or another: a schema or a boolean, a list of schemas, a list of names.
/// In values they are plain JSON.
final class SchemaUnions {

    private SchemaUnions() {}

    static void write(ProtobufWriter out, Field.Wire wire, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                out.message(wire == Field.Wire.SCHEMA_OR_BOOL ? 2 : 1, schema(map));
                if (wire == Field.Wire.SCHEMA_OR_BOOL) {
                    out.number(1, 1);
                }
            }
            case List<?> list -> {
                for (Object element : list.reversed()) {
                    if (element instanceof String name) {
                        out.string(2, name);
                    } else {
                        out.message(2, schema(element));
                    }
                }
            }
            case Boolean allowed -> out.number(1, allowed ? 1 : 0);
            default -> {}
        }
    }

    private static Struct schema(Object plain) {
        return Json.read(JSONSchemaProps.TYPE, Json.writePlain(plain));
    }

    static Object read(ProtobufReader in, Field.Wire wire) {
        boolean allowed = false;
        Object schema = null;
        List<Object> list = new ArrayList<>();
        while (in.next()) {
            if (in.number() == 1 && wire == Field.Wire.SCHEMA_OR_BOOL) {
                allowed = in.varint() != 0;
            } else if (in.number() == (wire == Field.Wire.SCHEMA_OR_BOOL ? 2 : 1)) {
                schema = plain(in);
            } else if (in.number() == 2) {
                list.add(wire == Field.Wire.SCHEMA_OR_STRINGS ? in.string() : plain(in));
            } else {
                in.skip();
            }
        }
        if (schema != null) {
            return schema;
        }
        return wire == Field.Wire.SCHEMA_OR_BOOL ? (Object) allowed : List.copyOf(list);
    }

    private static Object plain(ProtobufReader in) {
        return Json.readPlain(Json.write(in.message(JSONSchemaProps.TYPE)));
    }
}
