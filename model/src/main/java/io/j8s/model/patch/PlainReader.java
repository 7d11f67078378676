package io.j8s.model.patch;

import io.j8s.model.Bytes;
import io.j8s.model.Durations;
import io.j8s.model.Field;
import io.j8s.model.FieldSet;
import io.j8s.model.IntOrString;
import io.j8s.model.Json;
import io.j8s.model.JsonNull;
import io.j8s.model.Quantity;
import io.j8s.model.RawObject;
import io.j8s.model.Shape;
import io.j8s.model.Struct;
import io.j8s.model.Times;
import io.j8s.model.Type;
import io.j8s.model.meta.v1.ManagedFieldsEntry;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Turns plain JSON values into the values of a type.
public final class PlainReader {

    private final Consumer<Place> unknown;
    private final boolean wraps;

    /// @param unknown told of fields that the type neither declares nor keeps; may throw
    public PlainReader(Consumer<Place> unknown) {
        this(unknown, false);
    }

    /// @param wraps whether numbers that are too large for 32 bits lose the others, as they do upstream where a patch becomes an object without becoming text
    public PlainReader(Consumer<Place> unknown, boolean wraps) {
        this.unknown = unknown;
        this.wraps = wraps;
    }

    /// A field's value; null when it is not set by this value.
    ///
    /// @throws PatchException (INVALID_RESULT) when the value is not of the field's shape
    public @Nullable Object field(Field field, Object plain, Place place) {
        if (plain == JsonNull.NULL && field.shape() != Shape.Scalar.JSON) {
            return null;
        }
        // An empty list of the object's own managed fields asks to forget them all: so does a list of one empty entry, which is not lost on the way.
        if (plain instanceof List<?> list && list.isEmpty() && field.name().equals("managedFields") && place.toString().equals("metadata.managedFields")) {
            return List.of(ManagedFieldsEntry.EMPTY);
        }
        return value(field.shape(), plain, place);
    }

    /// A value of a shape; null stands for the shape's zero value.
    public Object value(Shape shape, Object plain, Place place) {
        if (plain == JsonNull.NULL && shape != Shape.Scalar.JSON) {
            return zero(shape, place);
        }
        return switch (shape) {
            case Shape.Scalar scalar -> scalar(scalar, plain, place);
            case Shape.Message(var supplier) -> message(supplier.get(), plain, place);
            case Shape.ListOf(Shape element) -> list(element, plain, place);
            case Shape.MapOf(Shape value) -> map(value, plain, place);
        };
    }

    /// Tells that a field is neither declared nor kept.
    void unknown(Place place) {
        unknown.accept(place);
    }

    /// A message from a plain object.
    public Struct message(Type type, Object plain, Place place) {
        if (!(plain instanceof Map<?, ?> map)) {
            throw wrong(place, "an object", plain);
        }
        Struct.Builder builder = new Struct.Builder(type);
        Map<String, Object> kept = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            String name = (String) key;
            Field field = type.field(name);
            if (field != null) {
                builder.set(field, field(field, value, place.field(name)));
            } else if (type.preservesUnknown()) {
                kept.put(name, value);
            } else {
                unknown.accept(place.field(name));
            }
        });
        return builder.unknown(kept).build();
    }

    private List<Object> list(Shape element, Object plain, Place place) {
        if (!(plain instanceof List<?> list)) {
            throw wrong(place, "a list", plain);
        }
        List<Object> result = new ArrayList<>(list.size());
        for (Object item : list) {
            result.add(value(element, item, place.index(result.size())));
        }
        return result;
    }

    private Map<String, Object> map(Shape shape, Object plain, Place place) {
        if (!(plain instanceof Map<?, ?> map)) {
            throw wrong(place, "an object", plain);
        }
        Map<String, Object> result = new LinkedHashMap<>();
        map.forEach((key, value) -> result.put((String) key, value(shape, value, place.field((String) key))));
        return result;
    }

    private Object scalar(Shape.Scalar shape, Object plain, Place place) {
        return switch (shape) {
            case JSON -> plain;
            case RAW -> RawObject.wrap(Json.writePlain(plain));
            case FIELDS -> FieldSet.ofJson(Json.writePlain(plain));
            case STRING -> text(plain, "a string", place);
            case BOOL -> {
                if (!(plain instanceof Boolean)) {
                    throw wrong(place, "true or false", plain);
                }
                yield plain;
            }
            case INT32 -> (int) (wraps ? whole(plain, Long.MIN_VALUE, Long.MAX_VALUE, place) : whole(plain, Integer.MIN_VALUE, Integer.MAX_VALUE, place));
            case INT64 -> whole(plain, Long.MIN_VALUE, Long.MAX_VALUE, place);
            case DOUBLE -> {
                if (!(plain instanceof Number number)) {
                    throw wrong(place, "a number", plain);
                }
                yield number.doubleValue();
            }
            case INT_OR_STRING -> plain instanceof String text
                    ? IntOrString.of(text)
                    : IntOrString.of((int) whole(plain, Integer.MIN_VALUE, Integer.MAX_VALUE, place));
            case BYTES -> plain instanceof List<?> numbers ? listed(place, numbers) : parsed(place, "base64", plain, Bytes::ofBase64);
            case QUANTITY -> plain instanceof Long || plain instanceof Double || plain instanceof BigInteger
                    ? parsed(place, "a quantity", plain.toString(), Quantity::parse)
                    : parsed(place, "a quantity", plain, Quantity::parse);
            case TIME -> parsed(place, "a time such as 2006-01-02T15:04:05Z", plain, Times::parse);
            case MICRO_TIME -> parsed(place, "a time such as 2006-01-02T15:04:05.000000Z", plain, Times::parseMicro);
            case DURATION -> parsed(place, "a duration such as 1m30s", plain, Durations::parse);
        };
    }

    private static Bytes listed(Place place, List<?> numbers) {
        try {
            return Bytes.ofNumbers(numbers);
        } catch (IllegalArgumentException e) {
            throw wrong(place, "base64, or a list of whole numbers from 0 to 255", numbers);
        }
    }

    private static String text(Object plain, String expected, Place place) {
        if (plain instanceof String text) {
            return text;
        }
        throw wrong(place, expected, plain);
    }

    private static long whole(Object plain, long least, long most, Place place) {
        if (plain instanceof Integer number) {
            return number;
        }
        if (plain instanceof Long number && number >= least && number <= most) {
            return number;
        }
        throw wrong(place, "a whole number from " + least + " to " + most, plain);
    }

    private interface Parser<T> {
        T parse(String text);
    }

    private static <T> T parsed(Place place, String expected, Object plain, Parser<T> parser) {
        String text = text(plain, expected, place);
        try {
            return parser.parse(text);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new PatchException(PatchException.Kind.INVALID_FORM, String.valueOf(wrong(place, expected, plain).getMessage()));
        }
    }

    /// What null stands for within lists and maps.
    private static Object zero(Shape shape, Place place) {
        return switch (shape) {
            case Shape.Message(var supplier) -> supplier.get().empty();
            case Shape.ListOf _ -> List.of();
            case Shape.MapOf _ -> Map.of();
            case Shape.Scalar.STRING -> "";
            case Shape.Scalar.BOOL -> false;
            case Shape.Scalar.INT32 -> 0;
            case Shape.Scalar.INT64 -> 0L;
            case Shape.Scalar.DOUBLE -> 0.0;
            case Shape.Scalar.BYTES -> Bytes.EMPTY;
            case Shape.Scalar.QUANTITY -> Quantity.ZERO;
            case Shape.Scalar _ -> throw new PatchException(PatchException.Kind.INVALID_RESULT, place + ": null is not allowed here: leave it out");
        };
    }

    private static PatchException wrong(Place place, String expected, Object found) {
        String shown = new String(Json.writePlain(found), StandardCharsets.UTF_8);
        return new PatchException(PatchException.Kind.INVALID_RESULT,
                place + ": must be " + expected + ", not " + (shown.length() > 60 ? shown.substring(0, 60) + "…" : shown));
    }
}
