package io.j8s.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An immutable sequence of bytes (Go's `[]byte`); base64 in JSON.
public final class Bytes {

    public static final Bytes EMPTY = new Bytes(new byte[0]);

    private final byte[] bytes;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /// A copy of these bytes.
    public static Bytes of(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes.clone());
    }

    /// The UTF-8 bytes of a text.
    public static Bytes of(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Takes the array as it is: it must not change afterwards.
    public static Bytes wrap(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Bytes(bytes);
    }

    /// Reads standard base64: with padding, and with line breaks wherever they are.
    ///
    /// @throws IllegalArgumentException for what is not
    public static Bytes ofBase64(String text) {
        String joined = text.indexOf('\n') < 0 && text.indexOf('\r') < 0 ? text : text.replace("\n", "").replace("\r", "");
        if (joined.length() % 4 != 0) {
            throw new IllegalArgumentException("not base64: its length is no multiple of four (padding with = is needed)");
        }
        try {
            return wrap(Base64.getDecoder().decode(joined));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not base64: " + e.getMessage(), e);
        }
    }

    /// Bytes that a JSON array lists one by one, as Go reads them: whole numbers from 0 to 255.
    ///
    /// @throws IllegalArgumentException for what is not
    public static Bytes ofNumbers(List<?> numbers) {
        byte[] bytes = new byte[numbers.size()];
        for (int i = 0; i < bytes.length; i++) {
            if (!(numbers.get(i) instanceof Long number) || number < 0 || number > 255) {
                throw new IllegalArgumentException("[" + i + "]: must be a whole number from 0 to 255, not " + numbers.get(i));
            }
            bytes[i] = (byte) (long) number;
        }
        return wrap(bytes);
    }

    public int length() {
        return bytes.length;
    }

    /// A copy of the bytes.
    public byte[] toArray() {
        return bytes.clone();
    }

    /// The bytes themselves, for the codecs; never to be changed.
    byte[] array() {
        return bytes;
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /// The bytes as UTF-8 text.
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return base64();
    }
}
