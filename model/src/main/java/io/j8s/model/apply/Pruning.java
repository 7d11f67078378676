package io.j8s.model.apply;

import io.j8s.model.FieldTree;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.apply.MergeSchema.Message;
import io.j8s.model.apply.Ownership.Claim;
import java.util.LinkedHashMap;
import java.util.Map;

/// Removes what an applier applied last time and not this time, unless someone else owns it, or it is part of something that stays.
@SuppressWarnings("ReferenceEquality") // types are compared by identity
final class Pruning {

    private final MergeSchema schema;
    private final Versions versions;
    private final Message type;
    private final String apiVersion;
    private final Ownership ownership;

    /// @param type the type in the request's version
    /// @param ownership with the applier's new fields already in it
    Pruning(MergeSchema schema, Versions versions, Message type, String apiVersion, Ownership ownership) {
        this.schema = schema;
        this.versions = versions;
        this.type = type;
        this.apiVersion = apiVersion;
        this.ownership = ownership;
    }

    /// @param left what the object still has in the request's version, emptied containers among it: they count as being there
    record Pruned(Struct object, FieldTree left) {}

    Pruned pruned(Struct merged, Claim last) {
        String version = last.apiVersion();
        Type lastType = versions.type(version);
        if (lastType == null) {
            return new Pruned(merged, FieldTree.EMPTY);
        }
        Message message = message(version, lastType);
        Struct whole = convert(merged, version);
        FieldTree all = named(message, whole);
        // Metadata itself stays, also when a configuration does not mention it any more.
        FieldTree before = SchemaFit.withNamedFields(message, last.fields()).difference(FieldManagement.NEVER_OWNED);
        // What is left without the last configuration, and what someone owns of the rest. Worked out on sets: a container stays one when all in it goes.
        FieldTree stays = all.recursiveDifference(before).union(SchemaFit.withNamedFields(message, owned().getOrDefault(version, FieldTree.EMPTY)));
        FieldTree unowned = all.difference(stays);
        FieldTree left = all.recursiveDifference(unowned);
        if (owned().keySet().stream().anyMatch(other -> !other.equals(version))) {
            left = left.union(named(message, convert(ownedElsewhere(version, whole, Removal.from(message, whole, unowned)), version)));
        }
        FieldTree gone = all.difference(left).intersection(before);
        Struct result = Removal.from(message, whole, gone);
        return version.equals(apiVersion)
                ? new Pruned(result, all.recursiveDifference(gone))
                : new Pruned(versions.convert(result, apiVersion), FieldTree.EMPTY);
    }

    private Map<String, FieldTree> owned() {
        Map<String, FieldTree> owned = new LinkedHashMap<>();
        for (Owner owner : ownership.owners()) {
            Claim claim = ownership.claim(owner);
            if (claim != null) {
                owned.merge(claim.apiVersion(), claim.fields(), FieldTree::union);
            }
        }
        return owned;
    }

    /// The object with what was removed from it but someone owns under the names of other versions.
    private Struct ownedElsewhere(String version, Struct merged, Struct removed) {
        Struct whole = merged;
        Struct result = removed;
        for (Map.Entry<String, FieldTree> entry : owned().entrySet()) {
            Type inVersion = versions.type(entry.getKey());
            if (inVersion == null || entry.getKey().equals(version)) {
                continue;
            }
            Message message = message(entry.getKey(), inVersion);
            whole = convert(whole, entry.getKey());
            FieldTree stays = named(message, convert(result, entry.getKey())).union(SchemaFit.withNamedFields(message, entry.getValue()));
            result = Removal.from(message, whole, named(message, whole).difference(stays));
        }
        return result;
    }

    private Message message(String version, Type inVersion) {
        return version.equals(apiVersion) ? type : schema.message(inVersion);
    }

    private Struct convert(Struct object, String version) {
        return versions.type(version) == object.structType() ? object : versions.convert(object, version);
    }

    private static FieldTree named(Message message, Struct object) {
        return SchemaFit.withNamedFields(message, FieldsOf.struct(message, object));
    }
}
