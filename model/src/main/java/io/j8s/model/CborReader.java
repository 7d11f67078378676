package io.j8s.model;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Reads CBOR into plain Java. Text and byte strings are strings; bytes that are tagged as meant for base64 become base64; a key given twice is an error.
final class CborReader {

    private static final int BREAK = 0xFF;

    private final byte[] bytes;
    private int position;
    private int depth;

    CborReader(byte[] bytes, int position) {
        this.bytes = bytes;
        this.position = position;
    }

    Object document() {
        Object value = value();
        if (position != bytes.length) {
            throw malformed("more bytes after the value");
        }
        return value;
    }

    private DecodeException malformed(String what) {
        return new DecodeException("", "malformed CBOR: " + what + " at byte " + position);
    }

    private int take() {
        if (position >= bytes.length) {
            throw malformed("the text ends too early");
        }
        return bytes[position++] & 0xFF;
    }

    private boolean breaks() {
        if (position < bytes.length && (bytes[position] & 0xFF) == BREAK) {
            position++;
            return true;
        }
        return false;
    }

    private Object value() {
        if (++depth > JsonReader.DEEPEST) {
            throw malformed("nested deeper than " + JsonReader.DEEPEST);
        }
        int head = take();
        int information = head & 31;
        Object value = switch (head >> 5) {
            case 0 -> unsigned(information);
            case 1 -> negative(information);
            case 2, 3 -> new String(string(head >> 5, information), StandardCharsets.UTF_8);
            case 4 -> list(information);
            case 5 -> map(information);
            case 6 -> tagged(count(information));
            default -> simple(information);
        };
        depth--;
        return value;
    }

    private long big(int size) {
        if (bytes.length - position < size) {
            throw malformed("the text ends too early");
        }
        long value = 0;
        for (int i = 0; i < size; i++) {
            value = value << 8 | bytes[position++] & 0xFF;
        }
        return value;
    }

    private long count(int information) {
        return switch (information) {
            case 24 -> big(1);
            case 25 -> big(2);
            case 26 -> big(4);
            case 27 -> big(8);
            default -> {
                if (information > 27) {
                    throw malformed("the length " + information);
                }
                yield information;
            }
        };
    }

    private Object unsigned(int information) {
        long value = count(information);
        return value >= 0 ? (Object) value : new BigInteger(Long.toUnsignedString(value));
    }

    private Object negative(int information) {
        long value = count(information);
        return value >= 0 ? (Object) (-1 - value) : BigInteger.ONE.negate().subtract(new BigInteger(Long.toUnsignedString(value)));
    }

    private byte[] string(int major, int information) {
        if (information != 31) {
            long length = count(information);
            if (length < 0 || length > bytes.length - position) {
                throw malformed("a string of " + length + " bytes");
            }
            position += (int) length;
            return Arrays.copyOfRange(bytes, position - (int) length, position);
        }
        ByteOutput out = new ByteOutput(64);
        while (!breaks()) {
            int head = take();
            if (head >> 5 != major || (head & 31) == 31) {
                throw malformed("a chunk of another kind within a string");
            }
            out.put(string(major, head & 31));
        }
        return out.toArray();
    }

    private Object list(int information) {
        List<Object> list = new ArrayList<>();
        if (information == 31) {
            while (!breaks()) {
                list.add(value());
            }
        } else {
            for (long left = bounded(count(information)); left > 0; left--) {
                list.add(value());
            }
        }
        return List.copyOf(list);
    }

    private long bounded(long count) {
        if (count < 0 || count > bytes.length - position) {
            throw malformed("a collection of " + count + " elements");
        }
        return count;
    }

    private Object map(int information) {
        CompactMap.Collector members = new CompactMap.Collector();
        Set<String> keys = new HashSet<>();
        if (information == 31) {
            while (!breaks()) {
                member(members, keys);
            }
        } else {
            for (long left = bounded(count(information)); left > 0; left--) {
                member(members, keys);
            }
        }
        return members.sorted();
    }

    private void member(CompactMap.Collector members, Set<String> keys) {
        if (!(value() instanceof String key)) {
            throw malformed("a key that is no string");
        }
        if (!keys.add(key)) {
            throw malformed("the key \"" + key + "\" twice");
        }
        members.add(key, value());
    }

    private Object tagged(long tag) {
        if (tag >= 21 && tag <= 23 && position < bytes.length && (bytes[position] & 0xFF) >> 5 == 2) {
            byte[] content = string(2, take() & 31);
            return switch ((int) tag) {
                case 21 -> Base64.getUrlEncoder().withoutPadding().encodeToString(content);
                case 22 -> Base64.getEncoder().encodeToString(content);
                default -> java.util.HexFormat.of().formatHex(content);
            };
        }
        return value();
    }

    private Object simple(int information) {
        return switch (information) {
            case 20 -> false;
            case 21 -> true;
            case 22 -> JsonNull.NULL;
            case 25 -> finite(Float.float16ToFloat((short) big(2)));
            case 26 -> finite(Float.intBitsToFloat((int) big(4)));
            case 27 -> finite(Double.longBitsToDouble(big(8)));
            default -> throw malformed("the simple value " + information);
        };
    }

    private Object finite(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw malformed("a number that is not finite");
        }
        return value;
    }
}
