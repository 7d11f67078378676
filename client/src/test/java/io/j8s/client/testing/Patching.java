package io.j8s.client.testing;

import io.j8s.client.Patch;
import io.j8s.model.Field;
import io.j8s.model.IntOrString;
import io.j8s.model.Quantity;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Applies merge patches, and the strategic ones that controllers write: lists with a merge key are merged by it, `$patch: delete` takes an element away.
final class Patching {
    private Patching() {}

    static Struct apply(Struct before, Patch patch) {
        return switch (patch) {
            case Patch.Merge(var text) -> merged(before, object(text), false);
            case Patch.Strategic(var text) -> merged(before, object(text), true);
            case Patch.Json json -> throw new IllegalArgumentException("this fixture knows no JSON patches, was given " + json);
            case Patch.Apply apply -> throw new IllegalArgumentException("this fixture cannot apply " + apply);
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String text) {
        return (Map<String, Object>) new PlainJson(text).read();
    }

    private static Struct merged(Struct before, Map<String, Object> patch, boolean strategic) {
        Struct after = before;
        for (Map.Entry<String, Object> entry : patch.entrySet()) {
            Field field = before.structType().field(entry.getKey());
            if (field == null) {
                if (!before.structType().preservesUnknown()) {
                    throw Refusals.refusal(400, "BadRequest", "unknown field " + entry.getKey());
                }
                Map<String, Object> unknown = new LinkedHashMap<>(after.unknown());
                unknown.put(entry.getKey(), entry.getValue());
                after = after.toBuilder().unknown(unknown).build();
                continue;
            }
            after = after.with(field, value(field, field.shape(), after.get(field), entry.getValue(), strategic));
        }
        return after;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Object value(Field field, Shape shape, @Nullable Object before, @Nullable Object given, boolean strategic) {
        if (given == PlainJson.NULL || given == null) {
            return null;
        }
        return switch (shape) {
            case Shape.Message message -> merged(before instanceof Struct struct ? struct : message.type().empty(), (Map<String, Object>) given, strategic);
            case Shape.MapOf map -> {
                Map<String, Object> result = new LinkedHashMap<>(before instanceof Map<?, ?> existing ? (Map<String, Object>) existing : Map.of());
                ((Map<String, Object>) given).forEach((key, item) -> {
                    if (item == PlainJson.NULL) {
                        result.remove(key);
                    } else {
                        result.put(key, value(field, map.value(), result.get(key), item, strategic));
                    }
                });
                yield result;
            }
            case Shape.ListOf list -> list(field, list.element(), before instanceof List<?> existing ? existing : List.of(), (List<Object>) given, strategic);
            case Shape.Scalar scalar -> scalar(scalar, given);
        };
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Field field, Shape element, List<?> before, List<Object> given, boolean strategic) {
        boolean merges = strategic && (field.patchStrategy() == Field.PatchStrategy.MERGE || field.patchStrategy() == Field.PatchStrategy.MERGE_RETAIN_KEYS);
        String key = field.patchMergeKey();
        List<Object> result = new ArrayList<>(merges ? before : List.of());
        for (Object item : given) {
            if (!merges || key == null || !(element instanceof Shape.Message message)) {
                if (!result.contains(item)) {
                    result.add(value(field, element, null, item, strategic));
                }
                continue;
            }
            Map<String, Object> fields = new LinkedHashMap<>((Map<String, Object>) item);
            boolean delete = "delete".equals(fields.remove("$patch"));
            int at = find(result, message.type(), key, fields.get(key));
            if (delete) {
                if (at >= 0) {
                    result.remove(at);
                }
            } else if (at >= 0) {
                result.set(at, merged((Struct) result.get(at), fields, true));
            } else {
                result.add(merged(message.type().empty(), fields, true));
            }
        }
        return result;
    }

    private static int find(List<Object> list, Type type, String key, @Nullable Object value) {
        Field field = type.field(key);
        for (int i = 0; field != null && i < list.size(); i++) {
            if (java.util.Objects.equals(((Struct) list.get(i)).get(field), value)) {
                return i;
            }
        }
        return -1;
    }

    private static Object scalar(Shape.Scalar shape, Object given) {
        return switch (shape) {
            case STRING, BOOL -> given;
            case INT32 -> ((Number) given).intValue();
            case INT64 -> ((Number) given).longValue();
            case DOUBLE -> ((Number) given).doubleValue();
            case TIME, MICRO_TIME -> Instant.parse((String) given);
            case QUANTITY -> Quantity.parse(given.toString());
            case INT_OR_STRING -> given instanceof Number number ? IntOrString.of(number.intValue()) : IntOrString.of((String) given);
            case JSON -> given;
            case BYTES, DURATION, RAW, FIELDS -> throw new IllegalArgumentException("this fixture cannot patch values of shape " + shape);
        };
    }
}
