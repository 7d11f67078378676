package io.j8s.model.apply;

import io.j8s.model.FieldSet;
import io.j8s.model.FieldTree;
import io.j8s.model.JsonNull;
import io.j8s.model.Objects;
import io.j8s.model.Recent;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.apply.MergeSchema.Message;
import io.j8s.model.apply.Ownership.Claim;
import io.j8s.model.meta.v1.ManagedFieldsEntry;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Keeps `metadata.managedFields` of the objects of one resource, in one version and through one subresource, and applies configurations to them.
///
/// Immutable but for a bounded cache; safe for many threads. Times are cut to seconds. Objects are given and returned in the version's type; the live
/// object of a creation is the type's empty value. Source: KEP-555, structured-merge-diff v6, apimachinery's managedfields.
///
/// How a write runs: what differs between the live and the new object is found by walking both, skipping whatever is the very same object. Who owned a
/// field that was written or removed loses it; the writer gains what was written. Sets of fields that did not change stay the very same objects, with
/// their JSON text, so that a write that only changes values only changes a time.
@SuppressWarnings("ReferenceEquality") // what does not change stays the very same
public final class FieldManagement {

    private static final String KUBECTL = "kubectl";
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";
    private static final int MOST_UPDATERS = 10;
    private static final int MOST_SHARED = 4096;

    /// Fields that nobody owns.
    static final FieldTree NEVER_OWNED = neverOwned();

    private static FieldTree neverOwned() {
        FieldTree tree = FieldTree.ofNames("apiVersion").union(FieldTree.ofNames("kind")).union(FieldTree.ofNames("metadata"));
        for (String name : List.of("name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation", "managedFields", "resourceVersion")) {
            tree = tree.union(FieldTree.ofNames("metadata", name));
        }
        return tree;
    }

    /// What came of applying a configuration.
    public sealed interface Outcome {
        /// @param object with its new managed fields, not defaulted yet
        /// @param changed whether anything but managed fields differs from the live object
        record Applied(Struct object, boolean changed) implements Outcome {}

        /// Other managers own fields that the configuration wants otherwise (409); by manager and path.
        record Conflicts(List<Conflict> conflicts) implements Outcome {}
    }

    private final Message type;
    private final String apiVersion;
    private final String subresource;
    private final MergeSchema schema;
    private final Versions versions;
    private final Map<String, FieldFilter> filters;
    /// Sets seen before, to share one instance and its text; each fits the schema.
    private final Map<FieldTree, FieldSet> shared = new ConcurrentHashMap<>();
    /// What went on below their steps, for those sets that are new as a whole.
    private final ConcurrentMap<FieldTree, FieldTree> parts = new ConcurrentHashMap<>();
    /// What parts add that came lately.
    private final Recent<Struct, Difference> added = new Recent<>();

    /// @param subresource empty for the resource itself
    /// @param filters what a request can write, by version; no filter lets everything be written
    public FieldManagement(Type type, String apiVersion, String subresource, MergeSchema schema, Versions versions, Map<String, FieldFilter> filters) {
        this.type = schema.message(type);
        this.apiVersion = apiVersion;
        this.subresource = subresource;
        this.schema = schema;
        this.versions = versions;
        this.filters = Map.copyOf(filters);
    }

    /// For a resource with one version and nothing reset.
    public FieldManagement(Type type, String apiVersion, MergeSchema schema) {
        this(type, apiVersion, "", schema, Versions.only(apiVersion, type), Map.of());
    }

    /// The object that a create, update or patch makes, with its managed fields.
    ///
    /// Managed fields that the new object brings along replace the live ones (not through a subresource); a list with one empty entry, or an unset
    /// list where the live object has none, stands for none at all; what cannot be read is ignored. An object that was not tracked stays so until the first
    /// apply.
    ///
    /// @param manager the request's fieldManager, or what stands for it (the beginning of the user agent)
    public Struct afterUpdate(Struct live, Struct changed, String manager, Instant now) {
        List<ManagedFieldsEntry> given = Objects.metadata(changed).managedFields();
        Ownership ownership = ownership(live, given);
        if (ownership.isEmpty() && !Objects.metadata(live).uid().isEmpty()) {
            return withEntries(changed, List.of());
        }
        Struct bare = given.isEmpty() ? changed : withEntries(changed, List.of());
        update(ownership, live, bare, manager, now);
        List<ManagedFieldsEntry> entries = ownership.write(apiVersion, this::share);
        return given.equals(entries) ? changed : withEntries(changed, entries);
    }

    private Ownership ownership(Struct live, List<ManagedFieldsEntry> given) {
        List<ManagedFieldsEntry> before = Objects.metadata(live).managedFields();
        if (!subresource.isEmpty() || given.isEmpty()) {
            return Ownership.readOrNone(before);
        }
        if (given.size() == 1 && given.getFirst().isEmpty()) {
            return new Ownership();
        }
        Ownership read = Ownership.readOrNone(given);
        return read.isEmpty() ? Ownership.readOrNone(before) : read;
    }

    private void update(Ownership ownership, Struct live, Struct changed, String manager, Instant now) {
        reconcile(ownership);
        Difference difference = Difference.between(type, live, changed, added).filtered(filter(apiVersion)::apply);
        FieldTree gained = filter(apiVersion).apply(difference.written()).difference(NEVER_OWNED);
        Owner self = Owner.updater(manager, apiVersion, subresource);
        Differences differences = new Differences(difference, live, changed);
        for (Owner owner : ownership.owners()) {
            Claim claim = ownership.claim(owner);
            Difference seen = claim == null ? null : differences.in(claim.apiVersion());
            if (claim == null || seen == null) {
                ownership.drop(owner);
                continue;
            }
            FieldTree lost = seen.written().union(seen.removed());
            ownership.set(owner, claim.fields().difference(owner.equals(self) ? lost.difference(gained) : lost));
        }
        if (!gained.isEmpty()) {
            Claim before = ownership.claim(self);
            ownership.claim(self, before == null ? gained : before.fields().union(gained), apiVersion, now.truncatedTo(ChronoUnit.SECONDS));
        }
        ownership.capUpdaters(MOST_UPDATERS);
    }

    /// What differs between two objects, in each version that a manager wrote in.
    private final class Differences {
        private final Map<String, @Nullable Difference> byVersion = new HashMap<>();
        private final Struct before;
        private final Struct after;

        Differences(Difference here, Struct before, Struct after) {
            this.before = before;
            this.after = after;
            byVersion.put(apiVersion, here);
        }

        /// Null for a version that is not served.
        @Nullable Difference in(String version) {
            if (!byVersion.containsKey(version)) {
                Type other = versions.type(version);
                byVersion.put(version, other == null ? null
                        : Difference.between(schema.message(other), versions.convert(before, version), versions.convert(after, version))
                                .filtered(filter(version)::apply));
            }
            return byVersion.get(version);
        }
    }

    private FieldFilter filter(String version) {
        return filters.getOrDefault(version, FieldFilter.ALL);
    }

    /// Lays a configuration over the live object.
    ///
    /// @param configuration plain JSON with apiVersion, kind and metadata.name, as the applier wrote it
    /// @param force take over fields that others own
    /// @throws InvalidConfigurationException when it is of another type or version, brings managed fields, or does not fit the type
    public Outcome apply(Struct live, Map<String, Object> configuration, String manager, boolean force, Instant now) {
        checkHeader(configuration);
        Outcome outcome = applyOnce(live, configuration, manager, force, now);
        if (manager.equals(KUBECTL) && outcome instanceof Outcome.Conflicts(List<Conflict> conflicts)) {
            FieldTree allowed = LastApplied.unchangedSince(type, apiVersion, live);
            List<Conflict> left = conflicts.stream().filter(conflict -> !isAllowed(conflict, allowed)).toList();
            outcome = left.isEmpty() ? applyOnce(live, configuration, manager, true, now) : new Outcome.Conflicts(left);
        }
        if (manager.equals(KUBECTL) && outcome instanceof Outcome.Applied(Struct object, boolean changed) && LastApplied.isIn(object)) {
            return new Outcome.Applied(LastApplied.synced(object, configuration), changed);
        }
        return outcome;
    }

    private static boolean isAllowed(Conflict conflict, FieldTree allowed) {
        return allowed.paths().stream().anyMatch(path -> FieldTree.text(path).equals(conflict.path()));
    }

    private void checkHeader(Map<String, Object> configuration) {
        if (!apiVersion.equals(configuration.get("apiVersion"))) {
            throw new InvalidConfigurationException(".apiVersion: must be " + apiVersion + ", not " + configuration.get("apiVersion"));
        }
        String kind = type.type.kind();
        if (!kind.isEmpty() && !kind.equals(configuration.get("kind"))) {
            throw new InvalidConfigurationException(".kind: must be " + kind + ", not " + configuration.get("kind"));
        }
        if (configuration.get("metadata") instanceof Map<?, ?> metadata) {
            Object managed = metadata.get("managedFields");
            if (managed != null && managed != JsonNull.NULL) {
                throw new InvalidConfigurationException(".metadata.managedFields: must not be set in what is applied: remove it");
            }
        }
    }

    private Outcome applyOnce(Struct live, Map<String, Object> configuration, String manager, boolean force, Instant now) {
        Ownership ownership = Ownership.read(Objects.metadata(live).managedFields());
        if (ownership.isEmpty()) {
            update(ownership, type.type.empty(), withEntries(live, List.of()), BEFORE_FIRST_APPLY, now);
        }
        reconcile(ownership);
        Owner self = Owner.applier(manager, subresource);
        Claim last = ownership.claim(self);
        Merge.Merged laid = Merge.over(type, live, configuration);
        Struct merged = laid.object();
        FieldTree wanted = filter(apiVersion).apply(FieldsOf.plain(type, configuration));
        ownership.claim(self, wanted, apiVersion, last == null ? null : last.time());
        Pruning.Pruned pruned = last == null || last.fields().isEmpty() || last.apiVersion().equals(apiVersion) && last.fields().within(wanted)
                ? new Pruning.Pruned(merged, FieldTree.EMPTY)
                : new Pruning(schema, versions, type, apiVersion, ownership).pruned(merged, last);
        Struct result = pruned.object();
        FieldTree rewritten = filter(apiVersion).apply(laid.rewritten());
        List<Conflict> conflicts = takeOver(ownership, self, live, pruned, rewritten);
        if (!conflicts.isEmpty() && !force) {
            return new Outcome.Conflicts(conflicts);
        }
        if (laid.unreadable() != null) {
            throw laid.unreadable();
        }
        boolean changed = !laid.rewritten().isEmpty() || !Objects.untyped(result).equals(Objects.untyped(live));
        finish(ownership, self, last, changed ? now : null);
        return new Outcome.Applied(withEntries(result, ownership.write(apiVersion, this::share)), changed);
    }

    /// Takes from the others what the new object has otherwise; returns what was theirs.
    private List<Conflict> takeOver(Ownership ownership, Owner self, Struct live, Pruning.Pruned pruned, FieldTree rewritten) {
        Difference difference = Difference.between(type, live, pruned.object()).keeping(pruned.left()).filtered(filter(apiVersion)::apply);
        Differences differences = new Differences(difference, live, pruned.object());
        List<Conflict> conflicts = new ArrayList<>();
        for (Owner owner : ownership.owners()) {
            Claim claim = ownership.claim(owner);
            if (claim == null || owner.equals(self)) {
                continue;
            }
            Difference seen = differences.in(claim.apiVersion());
            if (seen == null) {
                ownership.drop(owner);
                continue;
            }
            FieldTree written = claim.apiVersion().equals(apiVersion) ? seen.written().union(rewritten) : seen.written();
            if (claim.fields().intersects(written)) {
                claim.fields().intersection(written).forEach(path -> conflicts.add(Conflict.of(owner, path)));
            }
            ownership.set(owner, claim.fields().difference(written).difference(seen.removed()));
        }
        return conflicts;
    }

    /// @param now null when nothing changed: the applier's time stays what it was
    private void finish(Ownership ownership, Owner self, @Nullable Claim last, @Nullable Instant now) {
        Claim claim = ownership.claim(self);
        if (claim == null) {
            return;
        }
        FieldTree owned = claim.fields().difference(NEVER_OWNED);
        if (owned.isEmpty()) {
            ownership.drop(self);
            return;
        }
        FieldTree kept = last != null && last.fields().equals(owned) ? last.fields() : owned;
        ownership.claim(self, kept, apiVersion, now == null ? claim.time() : now.truncatedTo(ChronoUnit.SECONDS));
    }

    /// The object that is written when an update changed nothing but times of managed fields: then those stay as they were, and the write is none.
    ///
    /// To be asked last, after admission.
    public static Struct keepTimesOfNoop(Struct live, Struct changed) {
        List<ManagedFieldsEntry> before = Objects.metadata(live).managedFields();
        List<ManagedFieldsEntry> after = Objects.metadata(changed).managedFields();
        if (before.size() != after.size() || after.isEmpty() || before.equals(after)) {
            return changed;
        }
        for (int i = 0; i < after.size(); i++) {
            if (!before.get(i).withoutTime().equals(after.get(i).withoutTime())) {
                return changed;
            }
        }
        return withEntries(changed, before).equals(live) ? live : changed;
    }

    private void reconcile(Ownership ownership) {
        for (Owner owner : ownership.owners()) {
            Claim claim = ownership.claim(owner);
            if (claim != null && claim.apiVersion().equals(apiVersion)) {
                ownership.set(owner, share(claim.fields()).tree());
            } else if (claim != null) {
                Type other = versions.type(claim.apiVersion());
                ownership.set(owner, other == null ? claim.fields() : SchemaFit.reconciled(schema.message(other), claim.fields()));
            }
        }
    }

    /// One set for all that are equal, fitting the schema. The very same tree when it is the first of its kind and fits.
    private FieldSet share(FieldTree tree) {
        FieldSet known = shared.get(tree);
        if (known != null) {
            return known.common();
        }
        if (shared.size() >= MOST_SHARED) {
            shared.clear();
        }
        if (parts.size() >= MOST_SHARED) {
            parts.clear();
        }
        FieldSet set = FieldSet.of(SchemaFit.reconciled(type, tree).sharing(parts));
        FieldSet other = shared.putIfAbsent(tree, set);
        return other == null ? set : other;
    }

    private static Struct withEntries(Struct object, List<ManagedFieldsEntry> entries) {
        ObjectMeta metadata = Objects.metadata(object);
        if (metadata.managedFields().isEmpty() && entries.isEmpty()) {
            return object;
        }
        return Objects.withMetadata(object, entries.isEmpty() ? metadata.withoutManagedFields() : metadata.withManagedFields(entries));
    }
}
