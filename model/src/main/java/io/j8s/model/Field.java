package io.j8s.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One field of a [Type].
///
/// @param index its place in [Type#fields()]
/// @param name its JSON name
/// @param number its protobuf number; 0 when it has none
/// @param wrappers the numbers of the messages around it in protobuf, outermost first: what Go embeds stands in JSON beside its siblings, but is a
///     message of its own in protobuf (the source within a Volume, the rule within a webhook's rule); mostly empty
/// @param presence whether "set to the zero value" differs from "not set", and what is written then
/// @param wire how it is encoded in protobuf when that differs from what its shape says
/// @param listKind how a list is merged by server-side apply
/// @param listKeys the keys of a list of kind MAP
/// @param mapKind how a map or message is merged by server-side apply
/// @param patchStrategy how strategic merge patch treats it
/// @param patchMergeKey the key of strategic merge; null for none
/// @param defaultValue the schema's default as JSON text; null for none
/// @param enumeration the allowed values; empty when any is
/// @param format OpenAPI's format; empty for none
public record Field(
        int index,
        String name,
        int number,
        List<Integer> wrappers,
        Shape shape,
        Presence presence,
        Wire wire,
        boolean required,
        ListKind listKind,
        List<String> listKeys,
        MapKind mapKind,
        PatchStrategy patchStrategy,
        @Nullable String patchMergeKey,
        @Nullable String defaultValue,
        List<String> enumeration,
        String format) {

    /// How upstream's type declares the field, and so what is written and kept.
    public enum Presence {
        /// A pointer: kept and written exactly when set, zero or not.
        EXPLICIT,
        /// A pointer that is always written: `null` when not set.
        NULLABLE,
        /// A plain value left out when zero or empty (`omitempty`, `omitzero`): setting it to zero is not setting it.
        OMIT_ZERO,
        /// A list left out when empty, where upstream tells one that was given empty from none: kept as it was given, for the rules of the kind to see.
        OMIT_EMPTY,
        /// A plain value that is always written, zero or not: `""`, `0`, `{}`; an unset list or map as `null`.
        ALWAYS;

        /// Whether setting the field to its zero value differs from not setting it.
        public boolean keepsZero() {
            return this == EXPLICIT || this == NULLABLE;
        }
    }

    /// How a value is encoded in protobuf.
    public enum Wire {
        /// As its shape says.
        PLAIN,
        /// Each list is a message with the elements in field 1 (`ExtraValue`, `Verbs`).
        ITEMS,
        /// `JSONSchemaPropsOrBool`
        SCHEMA_OR_BOOL,
        /// `JSONSchemaPropsOrArray`
        SCHEMA_OR_ARRAY,
        /// `JSONSchemaPropsOrStringArray`
        SCHEMA_OR_STRINGS
    }

    public enum ListKind { ATOMIC, SET, MAP }

    public enum MapKind { GRANULAR, ATOMIC }

    /// How strategic merge takes a list, or a message: REPLACE stands for what is usual (lists are replaced, messages merged), WHOLE for a message that is replaced too.
    public enum PatchStrategy { REPLACE, MERGE, RETAIN_KEYS, MERGE_RETAIN_KEYS, WHOLE }

    /// An optional field of a type made at run time: kept exactly when set, without a protobuf number, merged as its shape suggests.
    public static Field of(int index, String name, Shape shape) {
        return new Field(
                index, name, 0, List.of(), shape, Presence.EXPLICIT, Wire.PLAIN, false, ListKind.ATOMIC, List.of(), MapKind.GRANULAR,
                PatchStrategy.REPLACE, null, null, List.of(), "");
    }

    public Field withRequired(boolean value) {
        return new Field(
                index, name, number, wrappers, shape, presence, wire, value, listKind, listKeys, mapKind, patchStrategy, patchMergeKey, defaultValue,
                enumeration, format);
    }

    public Field withList(ListKind kind, List<String> keys) {
        return new Field(
                index, name, number, wrappers, shape, presence, wire, required, kind, keys, mapKind, patchStrategy, patchMergeKey, defaultValue,
                enumeration, format);
    }

    public Field withMap(MapKind kind) {
        return new Field(
                index, name, number, wrappers, shape, presence, wire, required, listKind, listKeys, kind, patchStrategy, patchMergeKey, defaultValue,
                enumeration, format);
    }

    public Field withDefault(@Nullable String json) {
        return new Field(
                index, name, number, wrappers, shape, presence, wire, required, listKind, listKeys, mapKind, patchStrategy, patchMergeKey, json,
                enumeration, format);
    }

    public Field withEnumeration(List<String> values, String newFormat) {
        return new Field(
                index, name, number, wrappers, shape, presence, wire, required, listKind, listKeys, mapKind, patchStrategy, patchMergeKey, defaultValue,
                values, newFormat);
    }

    public Field withPresence(Presence value) {
        return new Field(
                index, name, number, wrappers, shape, value, wire, required, listKind, listKeys, mapKind, patchStrategy, patchMergeKey, defaultValue,
                enumeration, format);
    }

    /// The value to keep when this one is given: null for what the field does not keep (zero values, by its presence), immutable copies of lists and maps.
    @Nullable Object keep(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text when text.isEmpty() && !presence.keepsZero() && shape == Shape.Scalar.STRING -> null;
            case Boolean flag when !flag && !presence.keepsZero() && shape == Shape.Scalar.BOOL -> null;
            case Integer number when number == 0 && !presence.keepsZero() && shape == Shape.Scalar.INT32 -> null;
            case Long number when number == 0 && !presence.keepsZero() && shape == Shape.Scalar.INT64 -> null;
            case Struct struct when struct.isEmpty() && !presence.keepsZero() -> null;
            case IntOrString.Int number when number.value() == 0 && !presence.keepsZero() && shape == Shape.Scalar.INT_OR_STRING -> null;
            case Quantity quantity when quantity.isZero() && !presence.keepsZero() && shape == Shape.Scalar.QUANTITY -> null;
            case Bytes bytes when bytes.length() == 0 && presence == Presence.OMIT_ZERO -> null;
            case List<?> list when shape instanceof Shape.ListOf -> list.isEmpty() && presence == Presence.OMIT_ZERO ? null : List.copyOf(list);
            case java.util.Map<?, ?> map when shape instanceof Shape.MapOf ->
                map.isEmpty() && presence == Presence.OMIT_ZERO ? null : CompactMap.sorted(map);
            default -> value;
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
