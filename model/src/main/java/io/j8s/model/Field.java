package io.j8s.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One field of a [Type].
///
/// @param index its place in [Type#fields()]
/// @param name its JSON name
/// @param number its protobuf number; 0 when it has none
/// @param presence whether "set to the zero value" differs from "not set"
/// @param inline whether its value's fields stand in JSON beside its own siblings (Go's embedded structs, such as the source within a Volume)
/// @param listKind how a list is merged by server-side apply
/// @param listKeys the keys of a list of kind MAP
/// @param mapKind how a map or message is merged by server-side apply
/// @param patchStrategy how strategic merge patch treats it
/// @param patchMergeKey the key of strategic merge; null for none
/// @param defaultValue the schema's default as JSON text; null for none
/// @param enumeration the allowed values; empty when any is
/// @param format OpenAPI's format; empty for none
/// @param documentation what it means; loaded on demand, may be empty
public record Field(
        int index,
        String name,
        int number,
        Shape shape,
        Presence presence,
        boolean required,
        boolean inline,
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
        /// A pointer, list, map or message: kept and written exactly when set, zero or not.
        EXPLICIT,
        /// A plain value left out when zero (`omitempty`): setting it to zero is not setting it.
        OMIT_ZERO,
        /// A plain value that is always written, zero or not.
        ALWAYS
    }

    public enum ListKind { ATOMIC, SET, MAP }

    public enum MapKind { GRANULAR, ATOMIC }

    public enum PatchStrategy { REPLACE, MERGE, RETAIN_KEYS, MERGE_RETAIN_KEYS }

    @Override
    public String toString() {
        return name;
    }
}
