package io.j8s.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Values of any type, the same for the same seed.
final class RandomValues {

    private static final String[] TEXTS = {"a", "web-0", "Ünïcödé", "<&>\"\\\n\t\u0001", "日本", "\uD83D\uDE00", "true", "012", "2020-01-01", " x: y # z", "-", "{}"};
    private static final String[] QUANTITIES = {"1", "100m", "128Mi", "0", "1e3", "5n", "1025", "-2k"};

    private final Random random;

    RandomValues(long seed) {
        random = new Random(seed);
    }

    Struct struct(Type type, int depth) {
        Struct.Builder builder = new Struct.Builder(type);
        for (Field field : type.fields()) {
            if (type.isList() && field.name().equals("items") || random.nextInt(100) < (depth > 6 ? 5 : depth > 3 ? 25 : 60)) {
                builder.set(field, value(field, field.shape(), depth));
            }
        }
        return builder.build();
    }

    private @Nullable Object value(Field field, Shape shape, int depth) {
        return switch (shape) {
            case Shape.Message message -> struct(message.type(), depth + 1);
            case Shape.ListOf list -> {
                List<Object> values = new ArrayList<>();
                for (int i = random.nextInt(2) + 1; i > 0; i--) {
                    values.add(value(field, list.element(), depth + 1));
                }
                yield values;
            }
            case Shape.MapOf map -> {
                Map<String, Object> values = new LinkedHashMap<>();
                for (int i = random.nextInt(3) + 1; i > 0; i--) {
                    values.put(text() + i, value(field, map.value(), depth + 1));
                }
                yield values;
            }
            case Shape.Scalar scalar -> scalar(field, scalar);
        };
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private Object scalar(Field field, Shape.Scalar scalar) {
        return switch (scalar) {
            case STRING -> random.nextInt(8) == 0 ? "" : text();
            case BOOL -> random.nextBoolean();
            case INT32 -> random.nextInt(4) == 0 ? 0 : random.nextInt();
            case INT64 -> random.nextInt(4) == 0 ? 0L : random.nextLong();
            case DOUBLE -> random.nextInt(2000) / 8.0;
            case BYTES -> Bytes.of(text());
            case QUANTITY -> Quantity.parse(QUANTITIES[random.nextInt(QUANTITIES.length)]);
            case TIME -> Instant.ofEpochSecond(random.nextInt(2_000_000_000));
            case MICRO_TIME -> Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000) * 1000);
            case DURATION -> Duration.ofMillis(random.nextInt());
            case INT_OR_STRING -> random.nextBoolean() ? IntOrString.of(random.nextInt()) : IntOrString.of(text());
            case JSON -> json(field);
            case RAW -> RawObject.ofJson("{\"kind\":\"X\",\"n\":[1,2.5,\"y\"]}");
            case FIELDS -> FieldSet.ofJson("{\"f:spec\":{\".\":{}}}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        };
    }

    private Object json(Field field) {
        return switch (field.wire()) {
            case SCHEMA_OR_BOOL -> random.nextBoolean() ? (Object) random.nextBoolean() : Json.readPlain("{\"type\":\"string\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case SCHEMA_OR_ARRAY -> Json.readPlain((random.nextBoolean() ? "{\"type\":\"x\"}" : "[{\"type\":\"x\"},{\"type\":\"y\"}]").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case SCHEMA_OR_STRINGS -> Json.readPlain((random.nextBoolean() ? "{\"type\":\"x\"}" : "[\"a\",\"b\"]").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case PLAIN, ITEMS -> Json.readPlain("{\"b\":[1,2.5,null,true],\"a\":\"x\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        };
    }
}
