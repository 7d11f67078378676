package io.j8s.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The fields of a generated type, written as text in its class: a line for each field, parsed when the type is first used, so that the hundreds of types
/// a process never touches cost neither time nor memory.
///
/// A line is `name` TAB `number` TAB `shape` TAB `presence`, and then any of `key=value`, each after a TAB.
/// The number is preceded by the numbers of its wrappers, with slashes (`2/2/1`). Shapes: `s b i l d y q t u o D j r f` (the scalars, see [#shape]),
/// `M` + type name, `[` + element, `{` + value.
final class Declaration implements Supplier<List<Field>> {

    private final String text;

    Declaration(String text) {
        this.text = text;
    }

    @Override
    public List<Field> get() {
        List<Field> fields = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String line : text.split("\n")) {
                fields.add(field(fields.size(), line.split("\t")));
            }
        }
        return fields;
    }

    private static Field field(int index, String[] columns) {
        String[] numbers = columns[1].split("/");
        List<Integer> wrappers = new ArrayList<>();
        for (int i = 0; i < numbers.length - 1; i++) {
            wrappers.add(Integer.valueOf(numbers[i]));
        }
        return new Field(
                index,
                columns[0].intern(),
                Integer.parseInt(numbers[numbers.length - 1]),
                List.copyOf(wrappers),
                shape(columns[2]),
                presence(columns[3]),
                wire(attribute(columns, "wire=")),
                attribute(columns, "required=") != null,
                listKind(attribute(columns, "list=")),
                words(attribute(columns, "keys=")),
                attribute(columns, "map=") != null ? Field.MapKind.ATOMIC : Field.MapKind.GRANULAR,
                patchStrategy(attribute(columns, "patch=")),
                attribute(columns, "key="),
                attribute(columns, "default="),
                words(attribute(columns, "enum=")),
                orEmpty(attribute(columns, "format=")));
    }

    private static @Nullable String attribute(String[] columns, String key) {
        for (int i = 4; i < columns.length; i++) {
            if (columns[i].startsWith(key)) {
                return columns[i].substring(key.length());
            }
        }
        return null;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static List<String> words(@Nullable String text) {
        return text == null ? List.of() : List.of(text.split(","));
    }

    private static Shape shape(String text) {
        String rest = text.substring(1);
        return switch (text.charAt(0)) {
            case 's' -> Shape.Scalar.STRING;
            case 'b' -> Shape.Scalar.BOOL;
            case 'i' -> Shape.Scalar.INT32;
            case 'l' -> Shape.Scalar.INT64;
            case 'd' -> Shape.Scalar.DOUBLE;
            case 'y' -> Shape.Scalar.BYTES;
            case 'q' -> Shape.Scalar.QUANTITY;
            case 't' -> Shape.Scalar.TIME;
            case 'u' -> Shape.Scalar.MICRO_TIME;
            case 'o' -> Shape.Scalar.INT_OR_STRING;
            case 'D' -> Shape.Scalar.DURATION;
            case 'j' -> Shape.Scalar.JSON;
            case 'r' -> Shape.Scalar.RAW;
            case 'f' -> Shape.Scalar.FIELDS;
            case 'M' -> new Shape.Message(new Named(rest));
            case '[' -> new Shape.ListOf(shape(rest));
            case '{' -> new Shape.MapOf(shape(rest));
            default -> throw new IllegalStateException("unknown shape in a generated declaration: " + text);
        };
    }

    private static Field.Presence presence(String text) {
        return switch (text) {
            case "e" -> Field.Presence.EXPLICIT;
            case "n" -> Field.Presence.NULLABLE;
            case "o" -> Field.Presence.OMIT_ZERO;
            case "m" -> Field.Presence.OMIT_EMPTY;
            case "a" -> Field.Presence.ALWAYS;
            default -> throw new IllegalStateException("unknown presence in a generated declaration: " + text);
        };
    }

    private static Field.Wire wire(@Nullable String text) {
        return text == null ? Field.Wire.PLAIN : Field.Wire.valueOf(text);
    }

    private static Field.ListKind listKind(@Nullable String text) {
        return text == null ? Field.ListKind.ATOMIC : Field.ListKind.valueOf(text);
    }

    private static Field.PatchStrategy patchStrategy(@Nullable String text) {
        return text == null ? Field.PatchStrategy.REPLACE : Field.PatchStrategy.valueOf(text);
    }

    /// A type that is looked for when it is first asked for, and kept. Any thread: whoever comes first finds the same.
    private static final class Named implements Supplier<Type> {
        private final String name;
        private volatile @Nullable Type found;

        Named(String name) {
            this.name = name;
        }

        @Override
        public Type get() {
            Type known = found;
            if (known == null) {
                known = GeneratedTypes.named(name);
                found = known;
            }
            return known;
        }
    }
}
