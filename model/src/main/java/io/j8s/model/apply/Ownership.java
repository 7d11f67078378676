package io.j8s.model.apply;

import io.j8s.model.FieldSet;
import io.j8s.model.FieldTree;
import io.j8s.model.meta.v1.ManagedFieldsEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Who owns which fields of an object: `managedFields`, decoded. Mutable while a request is worked on, for one thread.
@SuppressWarnings("ReferenceEquality") // an entry whose set is the very same is kept as it is
final class Ownership {

    private static final String ANCIENT = "ancient-changes";
    private static final Comparator<ManagedFieldsEntry> ORDER = Comparator.comparing(ManagedFieldsEntry::operation)
            .thenComparing(entry -> seconds(entry.time()))
            .thenComparing(ManagedFieldsEntry::manager)
            .thenComparing(ManagedFieldsEntry::apiVersion)
            .thenComparing(ManagedFieldsEntry::subresource);

    /// @param apiVersion the version that the set's names are of
    /// @param source the entry it was read from, or is to be written as but for what changed; null for a new one
    record Claim(FieldTree fields, String apiVersion, @Nullable Instant time, @Nullable ManagedFieldsEntry source) {
        Claim with(FieldTree changed) {
            return changed == fields ? this : new Claim(changed, apiVersion, time, source);
        }
    }

    private final Map<Owner, Claim> claims = new LinkedHashMap<>();

    /// @throws FieldSet.MalformedException when an entry's fields cannot be read
    /// @throws IllegalArgumentException when an entry is not one
    static Ownership read(List<ManagedFieldsEntry> entries) {
        Ownership ownership = new Ownership();
        for (ManagedFieldsEntry entry : entries) {
            boolean applies = entry.operation().equals("Apply");
            if (!applies && !entry.operation().equals("Update")) {
                throw new IllegalArgumentException("operation: \"" + entry.operation() + "\": must be Apply or Update");
            }
            if (entry.apiVersion().isEmpty()) {
                throw new IllegalArgumentException("apiVersion: must not be empty");
            }
            if (!entry.fieldsType().equals("FieldsV1")) {
                throw new IllegalArgumentException("fieldsType: \"" + entry.fieldsType() + "\": must be FieldsV1");
            }
            FieldSet set = entry.fieldsV1();
            Owner owner = new Owner(entry.manager(), applies, applies ? "" : entry.apiVersion(), entry.subresource());
            ownership.claims.put(owner, new Claim(set == null ? FieldTree.EMPTY : set.tree(), entry.apiVersion(), entry.time(), entry));
        }
        return ownership;
    }

    /// As [#read], or without any claims when an entry cannot be read.
    static Ownership readOrNone(List<ManagedFieldsEntry> entries) {
        try {
            return read(entries);
        } catch (IllegalArgumentException | FieldSet.MalformedException e) {
            return new Ownership();
        }
    }

    boolean isEmpty() {
        return claims.isEmpty();
    }

    @Nullable Claim claim(Owner owner) {
        return claims.get(owner);
    }

    /// A copy of the owners there are: safe to change claims while walking it.
    List<Owner> owners() {
        return List.copyOf(claims.keySet());
    }

    void forEach(BiConsumer<Owner, Claim> visitor) {
        claims.forEach(visitor);
    }

    void put(Owner owner, Claim claim) {
        claims.put(owner, claim);
    }

    void drop(Owner owner) {
        claims.remove(owner);
    }

    /// Changes an owner's fields; who is left without any is dropped.
    void set(Owner owner, FieldTree fields) {
        Claim claim = claims.get(owner);
        if (claim == null) {
            throw new IllegalStateException(owner + " owns nothing");
        }
        if (fields.isEmpty()) {
            claims.remove(owner);
        } else {
            claims.put(owner, claim.with(fields));
        }
    }

    /// Gives an owner these fields, in this version and from this time on.
    void claim(Owner owner, FieldTree fields, String apiVersion, @Nullable Instant time) {
        Claim before = claims.get(owner);
        claims.put(owner, new Claim(fields, apiVersion, time, before == null ? null : before.source));
    }

    /// Joins the oldest updaters of each version into one, until there are no more than `most` of them.
    void capUpdaters(int most) {
        if (claims.size() <= most) {
            return;
        }
        TreeSet<Owner> updaters = new TreeSet<>(Comparator.<Owner, Long>comparing(owner -> seconds(time(owner))).thenComparing(owner -> owner));
        claims.keySet().stream().filter(owner -> !owner.applies()).forEach(updaters::add);
        int count = updaters.size();
        Map<String, Owner> firstOfVersion = new LinkedHashMap<>();
        for (Owner owner : updaters) {
            if (count <= most) {
                return;
            }
            Claim claim = claims.get(owner);
            if (claim == null) {
                continue;
            }
            Owner first = firstOfVersion.putIfAbsent(claim.apiVersion, owner);
            if (first == null) {
                continue;
            }
            Owner bucket = Owner.updater(ANCIENT, claim.apiVersion, "");
            Claim older = claims.containsKey(bucket) ? claims.get(bucket) : claims.remove(first);
            FieldTree joined = claim.fields.union(older == null ? FieldTree.EMPTY : older.fields);
            claims.remove(owner);
            claims.put(bucket, new Claim(joined, claim.apiVersion, claim.time, null));
            count--;
        }
    }

    private @Nullable Instant time(Owner owner) {
        Claim claim = claims.get(owner);
        return claim == null ? null : claim.time;
    }

    private static long seconds(@Nullable Instant time) {
        return time == null ? 0 : time.getEpochSecond();
    }

    /// The entries to write: ordered by operation, time and name.
    List<ManagedFieldsEntry> write(String apiVersion, Function<FieldTree, FieldSet> share) {
        List<ManagedFieldsEntry> entries = new ArrayList<>(claims.size());
        claims.forEach((owner, claim) -> entries.add(entry(owner, claim, claim.apiVersion.equals(apiVersion) ? share : FieldSet::of)));
        entries.sort(ORDER);
        return entries;
    }

    private static ManagedFieldsEntry entry(Owner owner, Claim claim, Function<FieldTree, FieldSet> share) {
        ManagedFieldsEntry source = claim.source;
        FieldSet known = source == null ? null : source.fieldsV1();
        boolean sameFields = known != null && known.tree() == claim.fields;
        if (source != null && sameFields && source.apiVersion().equals(claim.apiVersion) && Objects.equals(source.time(), claim.time)) {
            return source;
        }
        ManagedFieldsEntry entry = ManagedFieldsEntry.EMPTY
                .withManager(owner.name())
                .withOperation(owner.applies() ? "Apply" : "Update")
                .withApiVersion(claim.apiVersion)
                .withFieldsType("FieldsV1")
                .withFieldsV1(known != null && sameFields ? known : share.apply(claim.fields))
                .withSubresource(owner.subresource());
        return claim.time == null ? entry : entry.withTime(claim.time);
    }
}
