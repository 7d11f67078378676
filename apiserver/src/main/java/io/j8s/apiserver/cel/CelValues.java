package io.j8s.apiserver.cel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import io.j8s.model.JsonNull;
import io.j8s.model.PlainJson;
import io.j8s.model.Quantity;
import io.j8s.model.Struct;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Between plain JSON and the values of the CEL library.
public final class CelValues {

    private CelValues() {}

    /// A value that stands for JSON's null in variables.
    public static Object nothing() {
        return NullValue.NULL_VALUE;
    }

    /// An object, made ready once for several expressions.
    public static Object of(@Nullable Struct object) {
        return object == null ? NullValue.NULL_VALUE : converted(PlainJson.of(object));
    }

    /// A quantity, as the functions of quantities know it.
    public static Object quantity(Quantity quantity) {
        return new QuantityFunctions.Amount(quantity);
    }

    /// A map in which every key is: what is not known has an empty map.
    public static Object maps(Map<String, ? extends Map<String, Object>> known) {
        return new EveryKey(ImmutableMap.copyOf(known));
    }

    private static final class EveryKey extends AbstractMap<Object, Object> {
        private final ImmutableMap<Object, Object> known;

        EveryKey(Map<?, ?> known) {
            this.known = ImmutableMap.copyOf(known);
        }

        @Override
        public Set<Entry<Object, Object>> entrySet() {
            return known.entrySet();
        }

        @Override
        public Object get(@Nullable Object key) {
            return known.getOrDefault(key, ImmutableMap.of());
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return true;
        }
    }

    static @Nullable Object in(@Nullable Object plain) {
        return plain == null ? null : converted(plain);
    }

    private static Object converted(Object plain) {
        return switch (plain) {
            case ImmutableMap<?, ?> ready -> ready;
            case EveryKey ready -> ready;
            case ImmutableList<?> ready -> ready;
            case Map<?, ?> map -> {
                ImmutableMap.Builder<Object, Object> built = ImmutableMap.builder();
                map.forEach((key, value) -> built.put(key, value == null ? NullValue.NULL_VALUE : converted(value)));
                yield built.buildOrThrow();
            }
            case List<?> list -> {
                ImmutableList.Builder<Object> built = ImmutableList.builder();
                list.forEach(value -> built.add(value == null ? NullValue.NULL_VALUE : converted(value)));
                yield built.build();
            }
            case JsonNull _ -> NullValue.NULL_VALUE;
            case Integer number -> number.longValue();
            case BigDecimal number -> number.doubleValue();
            case BigInteger number -> number.doubleValue();
            case Float number -> number.doubleValue();
            default -> plain;
        };
    }

    static @Nullable Object out(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case NullValue _ -> null;
            case Optional<?> optional -> optional.isPresent() ? out(optional.get()) : null;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> plain = new LinkedHashMap<>();
                map.forEach((key, one) -> {
                    if (!(one instanceof Optional<?> optional && optional.isEmpty())) {
                        plain.put(String.valueOf(key), out(one));
                    }
                });
                yield plain;
            }
            case List<?> list -> {
                List<@Nullable Object> plain = new ArrayList<>();
                list.forEach(one -> plain.add(out(one)));
                yield plain;
            }
            case CelByteString bytes -> java.util.Base64.getEncoder().encodeToString(bytes.toByteArray());
            case Instant time -> time.toString();
            case Duration span -> span.toMillis() / 1000.0 + "s";
            default -> value;
        };
    }
}
