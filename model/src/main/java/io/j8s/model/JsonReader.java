package io.j8s.model;

import io.j8s.model.meta.v1.ManagedFieldsEntry;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads JSON into values of a type. Not for sharing between threads.
final class JsonReader {

    /// How deep values may be nested that are made: whatever walks them later recurses.
    static final int DEEPEST = 1000;
    /// How deep those may be nested that are passed over, as upstream's decoder has it.
    private static final int DEEPEST_PASSED_OVER = 10_000;
    private static final int MOST_DIGITS = 310;
    /// More findings than these, or the same once more, are not told.
    private static final int MOST_FINDINGS = 100;
    /// The field of an object that is the same in many bodies: a template's.
    private static final String REPEATED = "spec";

    private final JsonScanner in;
    private final @Nullable Consumer<String> findings;
    private final Interner interner;

    private @Nullable Set<String> told;

    private final StructStack stack = new StructStack();

    /// the way to the value being read: fields' names and places in lists
    private Object[] path = new Object[16];
    private int depth;

    JsonReader(JsonScanner in, Interner interner, @Nullable Consumer<String> findings) {
        this.in = in;
        this.interner = interner;
        this.findings = findings;
    }

    /// Reads the whole text as one value.
    Struct document(Type type) {
        return (Struct) whole(new Shape.Message(() -> type));
    }

    Object plainDocument() {
        return whole(Shape.Scalar.JSON);
    }

    private Object whole(Shape shape) {
        try {
            Object value = shape == Shape.Scalar.JSON ? plain(false) : value(shape);
            if (in.peek() != 0 || in.position < in.end) {
                throw in.unexpected("the end of the text");
            }
            return value;
        } catch (DecodeException e) {
            throw depth == 0 || !e.path().isEmpty() ? e : located(e);
        }
    }

    private DecodeException located(DecodeException e) {
        DecodeException located = new DecodeException(path(""), String.valueOf(e.getMessage()));
        located.addSuppressed(e);
        return located;
    }

    private DecodeException problem(String text) {
        return new DecodeException(path(""), text);
    }

    private void tell(String what, String name) {
        Set<String> before = told == null ? new HashSet<>() : told;
        told = before;
        if (findings != null && before.size() < MOST_FINDINGS) {
            String finding = what + " field \"" + path(name) + "\"";
            if (before.add(finding)) {
                findings.accept(finding);
            }
        }
    }

    private String path(String last) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            if (path[i] instanceof Integer place) {
                text.append('[').append(place).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(path[i]);
            }
        }
        return last.isEmpty() ? text.toString() : text.append(text.isEmpty() ? "" : ".").append(last).toString();
    }

    private void enter(Object step) {
        if (depth == path.length) {
            if (depth > DEEPEST) {
                throw new DecodeException("", "exceeded max depth");
            }
            path = Arrays.copyOf(path, depth * 2);
        }
        path[depth++] = step;
    }

    /// A value that is not null.
    private Object value(Shape shape) {
        return switch (shape) {
            case Shape.Message message -> struct(message.type());
            case Shape.ListOf list -> list(list.element());
            case Shape.MapOf map -> map(map.value());
            case Shape.Scalar scalar -> scalar(scalar);
        };
    }

    private Struct struct(Type type) {
        if (in.peek() != '{') {
            throw problem("wanted an object, found " + found());
        }
        in.position++;
        int base = stack.open(type.fieldArray().length);
        CompactMap.@Nullable Collector unknown = null;
        if (!in.closes('}')) {
            FieldNames names = type.fieldNames();
            do {
                in.scanString();
                Field field = in.isPlain() ? names.find(in.bytes, in.start, in.stop) : type.field(in.text());
                if (field == null) {
                    unknown = undeclared(type, unknown);
                } else {
                    in.expect(':');
                    member(field, base);
                }
            } while (in.more('}'));
        }
        return stack.close(type, base, unknown);
    }

    private void member(Field field, int base) {
        if (findings != null && stack.at(base + field.index()) != null) {
            tell("duplicate", field.name());
        }
        if (in.isNull()) {
            return;
        }
        enter(field.name());
        Object value = depth == 1 && field.name().equals(REPEATED) && field.shape() instanceof Shape.Message message ? part(message.type()) : value(field.shape());
        depth--;
        Object before = stack.at(base + field.index());
        stack.set(base + field.index(), isReset(field, value) ? List.of(ManagedFieldsEntry.EMPTY) : before == null ? value : joined(before, value));
    }

    /// A part that many bodies have in common. It is remembered only where findings are listened for and there was none.
    private Struct part(Type type) {
        in.peek();
        int start = in.position;
        RecentParts.Part known = interner.parts().at(type, in.bytes, start, in.end);
        if (known != null) {
            in.position += known.json().length;
            return known.value();
        }
        int before = told == null ? 0 : told.size();
        Struct value = struct(type);
        if (findings != null && (told == null ? 0 : told.size()) == before && before < MOST_FINDINGS) {
            interner.parts().add(type, in.bytes, start, in.position, value);
        }
        return value;
    }

    /// What a field is that was given twice: objects and maps are joined, as upstream's decoder does; of other values the last counts.
    private static Object joined(Object before, Object value) {
        if (before instanceof Struct old && value instanceof Struct struct) {
            Struct[] joined = {old};
            struct.forEach((field, its) -> {
                Object own = old.get(field);
                joined[0] = joined[0].with(field, own == null ? its : joined(own, its));
            });
            return joined[0];
        }
        if (before instanceof CompactMap<?> old && value instanceof CompactMap<?> map) {
            CompactMap.Collector entries = new CompactMap.Collector();
            old.forEach((key, its) -> entries.add(key, its));
            map.forEach((key, its) -> entries.add(key, its));
            return entries.sorted();
        }
        return value;
    }

    /// An empty list of the managed fields of an object itself asks to forget them all: so does a list of one empty entry, which is not lost as an empty list is.
    private boolean isReset(Field field, Object value) {
        return value instanceof List<?> list && list.isEmpty() && depth == 1 && field.name().equals("managedFields");
    }

    /// Takes a field that the type does not declare: keeps it, or mentions it.
    private CompactMap.@Nullable Collector undeclared(Type type, CompactMap.@Nullable Collector known) {
        String name = interner.intern(in.text());
        in.expect(':');
        if (!type.preservesUnknown()) {
            if (findings != null) {
                tell("unknown", name);
            }
            in.skip(depth + 1, DEEPEST_PASSED_OVER);
            return known;
        }
        CompactMap.Collector unknown = known == null ? new CompactMap.Collector() : known;
        enter(name);
        unknown.add(name, plain(true));
        depth--;
        if (findings != null && unknown.repeated().contains(name)) {
            tell("duplicate", name);
        }
        return unknown;
    }

    private List<Object> list(Shape element) {
        if (in.peek() != '[') {
            throw problem("wanted a list, found " + found());
        }
        in.position++;
        if (in.closes(']')) {
            return List.of();
        }
        int base = stack.top();
        int place = 0;
        do {
            if (in.isNull()) {
                stack.push(Zero.of(element));
            } else {
                enter(place);
                Object value = value(element);
                depth--;
                stack.push(value);
            }
            place++;
        } while (in.more(']'));
        return stack.takeList(base);
    }

    private CompactMap<Object> map(Shape element) {
        if (in.peek() != '{') {
            throw problem("wanted an object, found " + found());
        }
        in.position++;
        if (in.closes('}')) {
            return CompactMap.empty();
        }
        CompactMap.Collector entries = new CompactMap.Collector();
        do {
            in.scanString();
            String key = string();
            in.expect(':');
            if (in.isNull()) {
                entries.add(key, Zero.of(element));
            } else {
                enter(key);
                entries.add(key, value(element));
                depth--;
            }
        } while (in.more('}'));
        repeated(entries);
        return entries.sorted();
    }

    private void repeated(CompactMap.Collector entries) {
        if (findings != null) {
            for (String key : entries.repeated()) {
                tell("duplicate", key);
            }
        }
    }

    private String string() {
        return in.isPlain() ? interner.intern(in.bytes, in.start, in.stop) : in.text();
    }

    private String stringValue() {
        if (in.peek() != '"') {
            throw problem("wanted a string, found " + found());
        }
        in.scanString();
        return string();
    }

    private Object scalar(Shape.Scalar scalar) {
        return switch (scalar) {
            case STRING -> stringValue();
            case BOOL -> bool();
            case INT32 -> (int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
            case INT64 -> whole(Long.MIN_VALUE, Long.MAX_VALUE);
            case DOUBLE -> {
                number();
                yield Double.parseDouble(in.number());
            }
            case BYTES -> in.peek() == '[' ? numbers(plain(false)) : fromText(scalar, stringValue());
            case TIME, MICRO_TIME, DURATION -> fromText(scalar, stringValue());
            case QUANTITY -> quantity();
            case INT_OR_STRING -> in.peek() == '"'
                    ? IntOrString.of(stringValue())
                    : IntOrString.of((int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE));
            case JSON -> plain(false);
            case RAW -> RawObject.wrap(in.verbatim());
            case FIELDS -> {
                if (in.peek() != '{') {
                    throw problem("wanted an object, found " + found());
                }
                yield interner.fieldSet(in.raw());
            }
        };
    }

    private Object fromText(Shape.Scalar scalar, String text) {
        try {
            return Scalars.parse(scalar, text);
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }

    private Bytes numbers(Object list) {
        try {
            return Bytes.ofNumbers((List<?>) list);
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }

    private Quantity quantity() {
        boolean quoted = in.peek() == '"';
        if (!quoted) {
            number();
        }
        String text = quoted ? stringValue().strip() : in.number();
        try {
            return interner.quantity(text);
        } catch (IllegalArgumentException e) {
            throw problem(String.valueOf(e.getMessage()));
        }
    }

    private Boolean bool() {
        switch (in.peek()) {
            case 't' -> in.word("true");
            case 'f' -> {
                in.word("false");
                return false;
            }
            default -> throw problem("wanted true or false, found " + found());
        }
        return true;
    }

    private boolean number() {
        int next = in.peek();
        if (next != '-' && (next < '0' || next > '9')) {
            throw problem("wanted a number, found " + found());
        }
        return in.scanNumber();
    }

    private long whole(long least, long most) {
        if (!number()) {
            throw problem("wanted a whole number, found " + in.number());
        }
        if (in.fitsLong()) {
            long value = in.whole();
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw problem("wanted a whole number from " + least + " to " + most + ", found " + in.number());
    }

    private String found() {
        return switch (in.peek()) {
            case '{' -> "an object";
            case '[' -> "a list";
            case '"' -> "a string";
            case 't', 'f' -> "a boolean";
            case 'n' -> "null";
            case 0 -> "the end of the text";
            default -> "a number";
        };
    }

    /// Any value as plain Java. Undeclared fields of custom resources are sorted by name, as upstream writes them; JSON values of built-in types are not.
    private Object plain(boolean sorted) {
        return switch (in.peek()) {
            case '{' -> plainMap(sorted);
            case '[' -> plainList(sorted);
            case '"' -> stringValue();
            case 't', 'f' -> bool();
            case 'n' -> {
                in.word("null");
                yield JsonNull.NULL;
            }
            default -> plainNumber();
        };
    }

    private Object plainNumber() {
        if (!in.scanNumber()) {
            double value = Double.parseDouble(in.number());
            if (Double.isInfinite(value)) {
                throw problem("the number " + in.number() + " is too large");
            }
            return value;
        }
        if (in.fitsLong()) {
            return in.whole();
        }
        String digits = in.number();
        if (digits.length() > MOST_DIGITS) { // larger than any float64; and reading millions of digits takes minutes
            throw problem("the number " + digits.substring(0, MOST_DIGITS) + "... is too large");
        }
        return new BigInteger(digits);
    }

    private Object plainMap(boolean sorted) {
        in.position++;
        if (in.closes('}')) {
            return CompactMap.empty();
        }
        CompactMap.Collector members = new CompactMap.Collector();
        do {
            in.scanString();
            String key = string();
            in.expect(':');
            enter(key);
            members.add(key, plain(sorted));
            depth--;
        } while (in.more('}'));
        repeated(members);
        return sorted ? members.sorted() : members.inOrder();
    }

    private Object plainList(boolean sorted) {
        in.position++;
        if (in.closes(']')) {
            return List.of();
        }
        int base = stack.top();
        do {
            enter(stack.top() - base);
            Object value = plain(sorted);
            depth--;
            stack.push(value);
        } while (in.more(']'));
        return stack.takeList(base);
    }
}
