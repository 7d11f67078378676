package io.j8s.apiserver.encoding;

import io.j8s.model.Field;
import io.j8s.model.Shape;
import io.j8s.model.Type;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What upstream's Go types are called, as its errors say it: `PodSpec`, `[]v1.Container`, `v1.RestartPolicy`. Most follow from ours; those that do not are listed in `go-types.tsv`:
/// type, field, its Go type, and the structs within the type that the field is embedded by.
final class GoTypes {

    private record Odd(String type, List<String> embedding) {}

    private static final class Holder {
        static final Map<String, Odd> ODD = read();
    }

    private GoTypes() {}

    private static Map<String, Odd> read() {
        Map<String, Odd> odd = new HashMap<>();
        try (InputStream in = GoTypes.class.getResourceAsStream("go-types.tsv")) {
            if (in == null) {
                throw new IllegalStateException("the resource go-types.tsv is missing beside " + GoTypes.class.getName());
            }
            BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.split("\t", -1);
                odd.put(columns[0] + "\t" + columns[1], new Odd(columns[2], columns[3].isEmpty() ? List.of() : List.of(columns[3].split("\\."))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return odd;
    }

    /// The struct's own name.
    static String struct(Type type) {
        return type.name().substring(type.name().lastIndexOf('.') + 1);
    }

    /// Package and name.
    static String of(Type type) {
        int name = type.name().lastIndexOf('.');
        int before = type.name().lastIndexOf('.', name - 1);
        return type.name().substring(before + 1);
    }

    static String of(Type type, Field field) {
        Odd odd = Holder.ODD.get(type.name() + "\t" + field.name());
        return odd == null ? of(field.shape()) : odd.type;
    }

    static List<String> embedding(Type type, Field field) {
        Odd odd = Holder.ODD.get(type.name() + "\t" + field.name());
        return odd == null ? List.of() : odd.embedding;
    }

    /// Of the elements of a list or map.
    static String element(String collection, Shape element) {
        if (collection.startsWith("[]")) {
            return withoutPointer(collection.substring(2));
        }
        int key = collection.startsWith("map[") ? collection.indexOf(']') : -1;
        return key < 0 ? of(element) : withoutPointer(collection.substring(key + 1));
    }

    private static String withoutPointer(String type) {
        return type.startsWith("*") ? type.substring(1) : type;
    }

    private static String of(Shape shape) {
        return switch (shape) {
            case Shape.Message message -> of(message.type());
            case Shape.ListOf list -> "[]" + of(list.element());
            case Shape.MapOf map -> "map[string]" + of(map.value());
            case Shape.Scalar scalar -> switch (scalar) {
                case STRING, TIME, MICRO_TIME, DURATION -> "string";
                case BOOL -> "bool";
                case INT32, INT_OR_STRING -> "int32";
                case INT64 -> "int64";
                case DOUBLE -> "float64";
                case BYTES -> "[]uint8";
                case QUANTITY, JSON, RAW, FIELDS -> "interface {}";
            };
        };
    }
}
