package io.j8s.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The fields of a type by the bytes of their JSON names, and those names as they are written. A hash table probed without making a string.
final class FieldNames {

    private final @Nullable Field[] table;
    private final byte[][] names;
    private final byte[][] written;

    FieldNames(Field[] fields) {
        this.table = new Field[Math.max(4, Integer.highestOneBit(Math.max(1, fields.length)) * 4)];
        this.names = new byte[fields.length][];
        this.written = new byte[fields.length][];
        for (Field field : fields) {
            byte[] name = field.name().getBytes(StandardCharsets.UTF_8);
            names[field.index()] = name;
            written[field.index()] = prefix(field.name());
            int place = hash(name, 0, name.length) & table.length - 1;
            while (table[place] != null) {
                place = place + 1 & table.length - 1;
            }
            table[place] = field;
        }
    }

    private static byte[] prefix(String name) {
        ByteOutput out = new ByteOutput(name.length() + 3);
        JsonWriter.string(out, name);
        out.put(':');
        return out.toArray();
    }

    @Nullable Field find(byte[] bytes, int start, int end) {
        int place = hash(bytes, start, end) & table.length - 1;
        for (Field field = table[place]; field != null; field = table[place]) {
            byte[] name = names[field.index()];
            if (Arrays.equals(name, 0, name.length, bytes, start, end)) {
                return field;
            }
            place = place + 1 & table.length - 1;
        }
        return null;
    }

    /// `"name":`
    byte[] written(int index) {
        return written[index];
    }

    private static int hash(byte[] bytes, int start, int end) {
        int hash = end - start;
        for (int i = start; i < end; i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash ^ hash >>> 7;
    }
}
