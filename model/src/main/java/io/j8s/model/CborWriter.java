package io.j8s.model;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes plain Java as CBOR in its deterministic form.
final class CborWriter {

    private final ByteOutput out;

    CborWriter(ByteOutput out) {
        this.out = out;
    }

    void value(Object plain) {
        switch (plain) {
            case JsonNull none -> out.put(0xF6);
            case Boolean flag -> out.put(flag ? 0xF5 : 0xF4);
            case Long number -> whole(number);
            case Integer number -> whole(number);
            case Double number -> fraction(number);
            case String text -> bytes(text.getBytes(StandardCharsets.UTF_8));
            case List<?> list -> {
                head(4, list.size());
                list.forEach(this::value);
            }
            case Map<?, ?> map -> map(map);
            case BigInteger number -> throw new IllegalArgumentException("the number " + number + " is too large for CBOR of the API");
            default -> throw new IllegalArgumentException("no JSON value: " + plain + " of " + plain.getClass().getName());
        }
    }

    private void whole(long number) {
        if (number >= 0) {
            head(0, number);
        } else {
            head(1, -1 - number);
        }
    }

    private void bytes(byte[] bytes) {
        head(2, bytes.length);
        out.put(bytes);
    }

    private void map(Map<?, ?> map) {
        Map<byte[], Object> sorted = new TreeMap<>((a, b) -> a.length != b.length ? Integer.compare(a.length, b.length) : Arrays.compareUnsigned(a, b));
        map.forEach((key, value) -> sorted.put(((String) key).getBytes(StandardCharsets.UTF_8), value));
        head(5, sorted.size());
        sorted.forEach((key, value) -> {
            bytes(key);
            value(value);
        });
    }

    private void head(int major, long count) {
        int type = major << 5;
        if (count < 24) {
            out.put(type | (int) count);
        } else if (count < 1 << 8) {
            out.put(type | 24);
            big(count, 1);
        } else if (count < 1 << 16) {
            out.put(type | 25);
            big(count, 2);
        } else if (count < 1L << 32) {
            out.put(type | 26);
            big(count, 4);
        } else {
            out.put(type | 27);
            big(count, 8);
        }
    }

    private void big(long bits, int size) {
        for (int shift = (size - 1) * 8; shift >= 0; shift -= 8) {
            out.put((int) (bits >>> shift));
        }
    }

    /// The shortest of the three widths that keeps the value.
    private void fraction(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw new IllegalArgumentException(number + " cannot be written as CBOR of the API");
        }
        float single = (float) number;
        if (single != number) {
            out.put(0xFB);
            big(Double.doubleToLongBits(number), 8);
            return;
        }
        short half = Float.floatToFloat16(single);
        if (Float.float16ToFloat(half) == single) {
            out.put(0xF9);
            big(half & 0xFFFF, 2);
        } else {
            out.put(0xFA);
            big(Float.floatToIntBits(single) & 0xFFFFFFFFL, 4);
        }
    }
}
