package io.j8s.apiserver.resource;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.model.ApiResource;
import io.j8s.model.Struct;
import io.j8s.model.Type;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.TableRowCondition;
import io.j8s.runtime.Timeline;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// All that the API server knows of one resource. Immutable; made by a [Builder] in the one file that declares the resource.
///
/// The server works in one version of it, the hub, which is also the version that is stored; other served versions convert to and from it.
public final class Resource<T extends Struct> {

    private final ResourceBuilder<T> declared;
    private final List<Version<T, ?>> versions;
    private final Map<String, Subresource<T>> subresources;
    private final UnaryOperator<T> lastPreparation;
    private final List<Strategy.Rules<T>> furtherRules;
    private final Duration life;
    /// Made when first asked for: by then two threads may at worst both make them.
    private volatile @Nullable List<Column<T>> columns;

    Resource(ResourceBuilder<T> declared) {
        this(declared, List.copyOf(declared.versions()), Map.copyOf(declared.subresources), UnaryOperator.identity(), List.of(), declared.timeToLive);
    }

    private Resource(
            ResourceBuilder<T> declared, List<Version<T, ?>> versions, Map<String, Subresource<T>> subresources, UnaryOperator<T> lastPreparation,
            List<Strategy.Rules<T>> furtherRules, Duration life) {
        this.declared = declared;
        this.versions = versions;
        this.subresources = subresources;
        this.lastPreparation = lastPreparation;
        this.furtherRules = furtherRules;
        this.life = life;
    }

    /// The same resource whose objects are changed so after they are prepared.
    public Resource<T> prepared(UnaryOperator<T> preparation) {
        return new Resource<>(declared, versions, subresources, preparation, furtherRules, life);
    }

    /// The same resource with rules that hold on create and update besides its own.
    public Resource<T> withRules(Strategy.Rules<T> rules) {
        List<Strategy.Rules<T>> more = new ArrayList<>(furtherRules);
        more.addFirst(rules);
        return new Resource<>(declared, versions, subresources, lastPreparation, List.copyOf(more), life);
    }

    /// The same resource with one more subresource.
    public Resource<T> with(Subresource<T> subresource) {
        Map<String, Subresource<T>> more = new HashMap<>(subresources);
        more.put(subresource.name(), subresource);
        return new Resource<>(declared, versions, Map.copyOf(more), lastPreparation, furtherRules, life);
    }

    /// The same resource whose objects, where they do not live for ever, live for so long.
    public Resource<T> living(Duration span) {
        return life.isZero() ? this : new Resource<>(declared, versions, subresources, lastPreparation, furtherRules, span);
    }

    /// The same resource in those of its versions that fit; perhaps in none: then it is kept and served nowhere.
    public Resource<T> serving(Predicate<ApiResource<?>> versionsToServe) {
        return new Resource<>(declared, versions.stream().filter(version -> versionsToServe.test(version.resource())).toList(), subresources, lastPreparation, furtherRules, life);
    }

    /// Begins the declaration of a stored resource whose hub is this version.
    public static <T extends Struct> ResourceBuilder<T> of(ApiResource<T> hub) {
        return new ResourceBuilder<>(hub);
    }

    public ApiResource<T> hub() {
        return declared.hub;
    }

    /// The served versions, the preferred one first.
    public List<Version<T, ?>> versions() {
        return versions;
    }

    /// The served version of this group and version, or null.
    public @Nullable Version<T, ?> version(String group, String version) {
        for (Version<T, ?> served : versions) {
            if (served.resource().version().equals(version) && served.resource().group().equals(group)) {
                return served;
            }
        }
        return null;
    }

    /// The part of the key between `/registry/` and the namespace: `pods`, `services/specs`, `example.com/widgets`.
    public String storedAt() {
        return declared.storedAt;
    }

    /// Whether values are stored as JSON (custom resources) and not as protobuf.
    public boolean storedAsJson() {
        return declared.storedAsJson;
    }

    public String singular() {
        return declared.singular;
    }

    public List<String> shortNames() {
        return declared.shortNames;
    }

    public List<String> categories() {
        return declared.categories;
    }

    public Set<Verb> verbs() {
        return declared.verbs;
    }

    /// The verbs that discovery tells of.
    public Set<Verb> announcedVerbs() {
        return declared.announcedVerbs.isEmpty() ? declared.verbs : declared.announcedVerbs;
    }

    public boolean namespaced() {
        return declared.hub.namespaced();
    }

    /// Not null for a resource that is not stored.
    public @Nullable Virtual<T> virtual() {
        return declared.virtual;
    }

    public Map<String, Subresource<T>> subresources() {
        return subresources;
    }

    /// Those of a version, for who knows nothing of its type.
    public Collection<? extends Subresource<?>> subresourcesIn(Version<?, ?> version) {
        return version.own() == null ? subresources.values() : version.own().subresources().values();
    }

    /// Those of a version.
    public Map<String, Subresource<T>> subresources(Version<T, ?> version) {
        return version.own() == null ? subresources : version.own().subresources();
    }

    /// Paths of fields that a write of the object (subresource empty) or of a part cannot change in this version, and so nobody owns by it.
    public Set<List<String>> resetFields(Version<T, ?> version, String subresource) {
        return (version.own() == null ? declared.resetFields : version.own().resets()).getOrDefault(subresource, Set.of());
    }

    public NameRule nameRule() {
        return declared.nameRule;
    }

    /// Whether a PUT to a name that does not exist creates.
    public boolean createsOnUpdate() {
        return declared.createsOnUpdate;
    }

    /// Whether a PUT may leave out the resourceVersion, to overwrite whatever there is.
    public boolean updatesUnconditionally() {
        return declared.updatesUnconditionally;
    }

    /// Whether a deletion without a propagation policy leaves the dependents (finalizer `orphan`).
    public boolean orphansByDefault() {
        return declared.orphansByDefault;
    }

    /// What a client is told whose deletion says nothing of the dependents; empty for nothing.
    public String orphanWarning() {
        return declared.orphanWarning;
    }

    /// Whether deletions take propagation policies at all.
    public boolean garbageCollected() {
        return declared.garbageCollected;
    }

    /// Null when objects are removed at once.
    public Strategy.@Nullable Grace<T> grace() {
        return declared.grace;
    }

    /// Whether an object that is being deleted must stay for a reason of its own, besides `metadata.finalizers`.
    public Predicate<T> held() {
        return declared.held;
    }

    /// Whether its deletions always begin by marking the object, for [#held] to decide when it may end.
    public boolean holds() {
        return declared.holds;
    }

    /// Whether a finished deletion is answered with the object and not with a Status.
    public boolean answersDeletionWithObject() {
        return declared.answersDeletionWithObject;
    }

    /// What the objects that a server has from its first start are changed to: some depend on how it is run.
    public UnaryOperator<T> seeded() {
        return declared.seeded;
    }

    /// What a deletion that cannot end at once marks in the object.
    public UnaryOperator<T> markDeleted() {
        return declared.markDeleted;
    }

    /// Null when objects have no generation.
    public Strategy.@Nullable Changed<T> generation() {
        return declared.generation;
    }

    /// How often the kind's rules look at the metadata of an update as a whole once more (and a client so sees each of its causes once more).
    public int metadataRevalidations() {
        return declared.metadataRevalidations;
    }

    /// Whether a prefix for generated names may be anything that the generated name may begin with.
    public boolean anyGenerateName() {
        return declared.anyGenerateName;
    }

    /// Whether a prefix for generated names makes one.
    public boolean generatesNames() {
        return declared.generatesNames;
    }

    /// Whether new metadata is looked at only when nothing else of the object is wrong.
    public boolean metadataCheckedLast() {
        return declared.metadataCheckedLast;
    }

    /// Whether finalizers need not be qualified (upstream asks that of most kinds, not of all).
    public boolean anyFinalizers() {
        return declared.anyFinalizers;
    }

    /// Whether the kind's rules look once more at what an update may not change in the metadata.
    public boolean revalidatesMetadataUpdate() {
        return declared.revalidatesMetadataUpdate;
    }

    /// The metadata as those see it who ask for nothing else of the object.
    public ObjectMeta shownMetadata(T object) {
        ObjectMeta meta = io.j8s.model.Objects.metadata(object);
        if (declared.hiddenAnnotation.isEmpty() || !meta.annotations().containsKey(declared.hiddenAnnotation)) {
            return meta;
        }
        Map<String, String> shown = new HashMap<>(meta.annotations());
        shown.remove(declared.hiddenAnnotation);
        return shown.isEmpty() ? meta.withoutAnnotations() : meta.withAnnotations(shown);
    }

    /// Registers what the resource counts itself.
    public void measure(MetricRegistry registry, ClusterState state, Timeline timeline) {
        declared.measures.register(registry, state, timeline);
    }

    /// What every request for the resource in this version is warned of; empty: nothing.
    public String deprecation(Version<T, ?> version) {
        return version.own() == null ? declared.deprecation : version.own().deprecation();
    }

    /// Zero for objects that stay.
    public Duration timeToLive() {
        return life;
    }

    public T prepareCreate(T sent, WriteContext context) {
        return lastPreparation.apply(declared.prepareCreate.prepare(declared.statusApart && !declared.createsWithStatus ? Parts.withoutStatus(sent) : sent, context));
    }

    public T prepareUpdate(T sent, T stored, WriteContext context) {
        return lastPreparation.apply(declared.prepareUpdate.prepare(declared.statusApart ? Parts.keepStatus(sent, stored) : sent, stored, context));
    }

    public void validateCreate(T object, FieldErrors errors) {
        furtherRules.forEach(rules -> rules.check(object, errors));
        declared.rules.forEach(rules -> rules.check(object, errors));
        declared.createRules.forEach(rules -> rules.check(object, errors));
    }

    public void validateUpdate(T object, T old, FieldErrors errors) {
        furtherRules.forEach(rules -> rules.check(object, errors));
        declared.rules.forEach(rules -> rules.check(object, errors));
        if (!declared.updateRules.isEmpty()) {
            T comparable = storedAsJson() ? object : Empties.dropped(object); // what is not there and what is empty is the same to what may not change
            declared.updateRules.forEach(rules -> rules.check(comparable, old, errors));
        }
    }

    public List<String> warnings(T object, @Nullable T old) {
        return declared.warnings.of(object, old);
    }

    /// What follows a write or a removal, before the client is answered.
    public void afterWrite(T object, Upkeep upkeep) {
        declared.afterWrite.of(object, upkeep);
    }

    /// Makes objects of what is stored, in whatever version; null: the codecs of the versions do.
    public @Nullable StoredReader storedReader() {
        return declared.storedReader;
    }

    /// Makes an object of the hub's version of a stored value (plain JSON).
    @FunctionalInterface
    public interface StoredReader {
        Struct read(Object plain);
    }

    /// What of an object is stored.
    public T kept(T object) {
        return declared.kept.apply(object);
    }

    /// What is read of an object that was stored as [#kept] says.
    public T readBack(T kept) {
        return declared.readBack.apply(kept);
    }

    /// Throws a refusal for an object that has to stay.
    public void checkRemoval(T object) {
        declared.removalRules.accept(object);
    }

    /// What is said of the object as a whole in its row of a table.
    public List<TableRowCondition> rowConditions(T object) {
        return declared.rowConditions.apply(object);
    }

    public void beforeRemoval(T object, WriteContext context) {
        declared.removal.of(object, context);
    }

    /// The columns of its table; empty: name and age.
    public List<Column<T>> columns() {
        List<Column<T>> made = columns;
        if (made == null) {
            Columns<T> all = new Columns<>();
            declared.table.accept(all);
            made = all.list();
            columns = made;
        }
        return made;
    }

    /// The columns of a version's table.
    public List<Column<T>> columns(Version<T, ?> version) {
        return version.own() == null ? columns() : version.own().columns();
    }

    /// Whether this is the type of its objects: the hub's, or that of any version of a custom resource.
    public boolean holds(Type type) {
        return type == declared.hub.type() || (declared.storedAsJson && versions.stream().anyMatch(version -> version.resource().type() == type));
    }

    /// An object in the hub's version, whatever version it is held in.
    public T inHub(T object) {
        return object.structType() == declared.hub.type() ? object : declared.inHub.apply(object);
    }

    /// Brings a value of its objects under their Java type.
    @SuppressWarnings("unchecked") // a struct of the hub's type is a T, and so is one of any version of a custom resource
    public T cast(Struct struct) {
        if (!declared.storedAsJson && struct.structType() != declared.hub.type() && !struct.structType().name().equals(declared.hub.type().name())) {
            throw new IllegalArgumentException(declared.hub + " holds values of " + declared.hub.type() + ", not of " + struct.structType());
        }
        return (T) struct;
    }

    @Override
    public String toString() {
        return declared.hub.toString();
    }
}
