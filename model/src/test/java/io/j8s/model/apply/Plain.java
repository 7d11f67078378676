package io.j8s.model.apply;

import io.j8s.model.FieldSet;
import io.j8s.model.Json;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.meta.v1.ManagedFieldsEntry;
import io.j8s.model.patch.Place;
import io.j8s.model.patch.PlainReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// Short forms for tests: JSON with single quotes for objects, and ownership as one text.
final class Plain {

    private Plain() {}

    static Map<String, Object> map(String json) {
        Map<String, Object> result = new LinkedHashMap<>();
        ((Map<?, ?>) Json.readPlain(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8))).forEach((name, value) -> result.put((String) name, value));
        return result;
    }

    static Struct struct(Type type, String json) {
        return new PlainReader(place -> {
            throw new AssertionError("unknown field " + place);
        }).message(type, map(json), Place.ROOT);
    }

    /// `name/Operation[/subresource] fields`, joined by `; `, with single quotes.
    static String owners(Struct object) {
        return Objects.metadata(object).managedFields().stream().map(Plain::entry).collect(Collectors.joining("; "));
    }

    private static String entry(ManagedFieldsEntry entry) {
        FieldSet fields = entry.fieldsV1();
        return entry.manager() + "/" + entry.operation() + (entry.subresource().isEmpty() ? "" : "/" + entry.subresource()) + " "
                + String.valueOf(fields).replace("\"", "'").replace("\\'", "\"");
    }
}
