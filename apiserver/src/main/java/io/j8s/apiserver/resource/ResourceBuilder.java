package io.j8s.apiserver.resource;

import io.j8s.model.ApiResource;
import io.j8s.model.Field;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.TableRowCondition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Collects a declaration; every method answers the builder itself.
public final class ResourceBuilder<T extends Struct> {
    final ApiResource<T> hub;
    final List<Version<T, ?>> before = new ArrayList<>(0);
    final List<Version<T, ?>> after = new ArrayList<>(0);
    boolean hubServed = true;
    UnaryOperator<T> defaults = UnaryOperator.identity();
    Strategy.VersionRules<T> hubRules = (object, old, errors) -> {};
    @Nullable ObjectReader reader;
    String storedAt;
    boolean storedAsJson;
    String singular;
    List<String> shortNames = List.of();
    List<String> categories = List.of();
    Set<Verb> verbs = Verb.all();
    Set<Verb> announcedVerbs = Set.of();
    @Nullable Virtual<T> virtual;
    NameRule nameRule = NameRule.DNS_SUBDOMAIN;
    boolean createsOnUpdate;
    boolean updatesUnconditionally = true;
    boolean orphansByDefault;
    String orphanWarning = "";
    boolean garbageCollected = true;
    Strategy.@Nullable Grace<T> grace;
    Predicate<T> held = object -> false;
    boolean holds;
    boolean answersDeletionWithObject;
    UnaryOperator<T> markDeleted = UnaryOperator.identity();
    UnaryOperator<T> seeded = UnaryOperator.identity();
    UnaryOperator<T> inHub = UnaryOperator.identity();
    UnaryOperator<T> readBack = UnaryOperator.identity();
    UnaryOperator<T> kept = UnaryOperator.identity();
    Resource.@Nullable StoredReader storedReader;
    Strategy.@Nullable Changed<T> generation;
    final Map<String, Set<List<String>>> resetFields = new HashMap<>();
    boolean statusApart;
    boolean createsWithStatus;
    int metadataRevalidations = 1;
    boolean anyGenerateName;
    boolean generatesNames = true;
    boolean metadataCheckedLast;
    boolean revalidatesMetadataUpdate = true;
    boolean anyFinalizers;
    Duration timeToLive = Duration.ZERO;
    String deprecation = "";
    Measures measures = (registry, state, timeline) -> {};
    String hiddenAnnotation = "";
    Strategy.Create<T> prepareCreate = (sent, context) -> sent;
    Strategy.Update<T> prepareUpdate = (sent, stored, context) -> sent;
    final List<Strategy.Rules<T>> rules = new ArrayList<>(1);
    final List<Strategy.Rules<T>> createRules = new ArrayList<>(0);
    final List<Subresource.UpdateRules<T>> updateRules = new ArrayList<>(1);
    Strategy.Warnings<T> warnings = (object, old) -> List.of();
    Strategy.Removal<T> removal = (object, context) -> {};
    Consumer<T> removalRules = object -> {};
    Function<T, List<TableRowCondition>> rowConditions = object -> List.of();
    Strategy.After<T> afterWrite = (object, upkeep) -> {};
    Consumer<Columns<T>> table = columns -> {};
    final List<SelectableField<T>> selectable = new ArrayList<>(0);
    final Map<String, Subresource<T>> subresources = new java.util.LinkedHashMap<>();

    ResourceBuilder(ApiResource<T> hub) {
        this.hub = hub;
        this.storedAt = hub.plural();
        this.singular = hub.kind().toLowerCase(Locale.ROOT);
    }

    public Resource<T> build() {
        return new Resource<>(this);
    }

    List<Version<T, ?>> versions() {
        List<Version<T, ?>> all = new ArrayList<>(before);
        if (hubServed) {
            all.add(new Version<>(hub, defaults, Function.identity(), Function.identity(), selectable, hubRules, reader, null));
        }
        all.addAll(after);
        return all;
    }

    /// Where its keys lie, when not at its plural name: `services/specs`.
    public ResourceBuilder<T> storedAt(String path) {
        storedAt = path;
        return this;
    }

    /// Stored values are read by this, and not by the codecs of the versions.
    public ResourceBuilder<T> storedBy(Resource.StoredReader of) {
        storedReader = of;
        return this;
    }

    /// Objects are held in any version; this brings one into the hub's.
    public ResourceBuilder<T> heldInAnyVersion(UnaryOperator<T> intoHub) {
        inHub = intoHub;
        return this;
    }

    /// What is stored of an object, in the hub's version.
    ///
    /// @param asRead what a reader makes of that
    public ResourceBuilder<T> keeps(UnaryOperator<T> part, UnaryOperator<T> asRead) {
        kept = part;
        readBack = asRead;
        return this;
    }

    /// Values are stored as JSON (custom resources).
    public ResourceBuilder<T> storedAsJson() {
        storedAsJson = true;
        return this;
    }

    /// A version that clients should prefer to the hub.
    public <V extends Struct> ResourceBuilder<T> preferredVersion(Version<T, V> version) {
        before.add(version);
        return this;
    }

    /// A version served besides the hub.
    public <V extends Struct> ResourceBuilder<T> alsoServed(Version<T, V> version) {
        after.add(version);
        return this;
    }

    /// The hub is stored and worked in, but clients do not see it (a custom resource's storage version that is not served).
    public ResourceBuilder<T> hubNotServed() {
        hubServed = false;
        return this;
    }

    /// Fills in what a client left out, in the hub's version.
    public ResourceBuilder<T> defaults(UnaryOperator<T> function) {
        defaults = function;
        return this;
    }

    /// Objects of the hub's version are made by this, not by the codecs of its type.
    public ResourceBuilder<T> readBy(ObjectReader of) {
        reader = of;
        return this;
    }

    /// The singular name, when it is not the kind in lower case.
    public ResourceBuilder<T> singular(String name) {
        singular = name;
        return this;
    }

    public ResourceBuilder<T> shortNames(String... names) {
        shortNames = List.of(names);
        return this;
    }

    public ResourceBuilder<T> categories(String... names) {
        categories = List.of(names);
        return this;
    }

    /// The verbs it has, when not all.
    public ResourceBuilder<T> verbs(Verb first, Verb... more) {
        verbs = EnumSet.of(first, more);
        return this;
    }

    /// The verbs that discovery tells of, when it is to tell of fewer than are served.
    public ResourceBuilder<T> announces(Verb first, Verb... more) {
        announcedVerbs = EnumSet.of(first, more);
        return this;
    }

    public ResourceBuilder<T> without(Verb verb) {
        verbs = EnumSet.copyOf(verbs);
        verbs.remove(verb);
        return this;
    }

    /// It is not stored: POST is answered at once.
    public ResourceBuilder<T> answeredBy(Virtual.Create<T> create) {
        virtual = new Virtual<>(create, null, null);
        return verbs(Verb.CREATE);
    }

    /// It is not stored: objects are worked out.
    public ResourceBuilder<T> computed(Virtual.Get<T> get, Virtual.ListAll<T> list) {
        virtual = new Virtual<>(null, get, list);
        return verbs(Verb.GET, Verb.LIST);
    }

    /// What names must look like, when not DNS subdomains.
    public ResourceBuilder<T> names(NameRule rule) {
        nameRule = rule;
        return this;
    }

    /// A PUT to a name that does not exist creates.
    public ResourceBuilder<T> createsOnUpdate() {
        createsOnUpdate = true;
        return this;
    }

    /// A PUT must name the resourceVersion that it replaces.
    public ResourceBuilder<T> updatesOnlyConditionally() {
        updatesUnconditionally = false;
        return this;
    }

    /// As [#orphansByDefault()], and a deletion that says nothing of its dependents is told so in a warning.
    public ResourceBuilder<T> orphansByDefault(String warning) {
        orphanWarning = warning;
        return orphansByDefault();
    }

    public ResourceBuilder<T> orphansByDefault() {
        orphansByDefault = true;
        return this;
    }

    /// Deletions ignore propagation policies (core events).
    public ResourceBuilder<T> notGarbageCollected() {
        garbageCollected = false;
        return this;
    }

    public ResourceBuilder<T> grace(Strategy.Grace<T> rule) {
        grace = rule;
        return this;
    }

    /// What the objects that a server has from its first start are changed to.
    public ResourceBuilder<T> seeded(UnaryOperator<T> change) {
        seeded = change;
        return this;
    }

    /// Keeps an object that is being deleted as long as `reason` holds; `mark` is applied when its deletion begins.
    public ResourceBuilder<T> heldWhile(Predicate<T> reason, UnaryOperator<T> mark) {
        holds = true;
        held = reason;
        markDeleted = mark;
        return this;
    }

    /// A finished deletion is answered with the object and not with a Status.
    public ResourceBuilder<T> answersDeletionWithObject() {
        answersDeletionWithObject = true;
        return this;
    }

    /// Objects have a generation, which is 1 at first and is raised when this says that something changed.
    public ResourceBuilder<T> generation(Strategy.Changed<T> changed) {
        generation = changed;
        return this;
    }

    private static @Nullable Object withoutEmpties(@Nullable Object value) {
        return value instanceof Struct struct ? Empties.dropped(struct) : value;
    }

    /// Objects have a generation, raised when the field `spec` changes.
    public ResourceBuilder<T> generationOfSpec() {
        Field spec = Parts.field(hub.type(), "spec");
        return generation((object, old) -> !Objects.equals(object.get(spec), old.get(spec)) && !Objects.equals(withoutEmpties(object.get(spec)), old.get(spec)));
    }

    /// `status` is a subresource of the usual kind: creation drops it, an update of the object keeps what is stored, and an update of the subresource changes
    /// `status`, labels, annotations and the other metadata, and nothing else.
    public ResourceBuilder<T> status(Subresource.UpdateRules<T> statusRules) {
        return status(Parts::onlyStatus, statusRules);
    }

    /// Creation takes `status` as it was sent (nodes register themselves with theirs).
    public ResourceBuilder<T> createsWithStatus() {
        createsWithStatus = true;
        return this;
    }

    /// As above, with a preparation of its own: `prepare` gets what was sent to the subresource as it came.
    public ResourceBuilder<T> status(Subresource.Prepare<T> prepare, Subresource.UpdateRules<T> statusRules) {
        statusApart = true;
        resets("", "status");
        for (Field field : hub.type().fields()) {
            if (!Set.of("kind", "apiVersion", "metadata", "status").contains(field.name())) {
                resets("status", field.name());
            }
        }
        return subresource(new Subresource.Part<>("status", prepare, statusRules));
    }

    /// Names a field (`metadata.labels`) that a write of the object (subresource empty) or of a part cannot change; nobody owns it by such a write.
    public ResourceBuilder<T> resets(String subresource, String path) {
        resetFields.computeIfAbsent(subresource, key -> new LinkedHashSet<>()).add(List.of(path.split("\\.")));
        return this;
    }

    /// The rules for updates of this kind do not look at the metadata as a whole once more, as those of most kinds do upstream.
    public ResourceBuilder<T> metadataNotRevalidated() {
        metadataRevalidations = 0;
        return this;
    }

    /// The rules for updates of this kind look at the metadata as a whole twice more.
    public ResourceBuilder<T> metadataRevalidatedTwice() {
        metadataRevalidations = 2;
        return this;
    }

    /// Prefixes for generated names have no rules of their own.
    public ResourceBuilder<T> anyGenerateName() {
        anyGenerateName = true;
        return this;
    }

    /// The rules for updates of this kind do not look once more at what may not change in the metadata, as those of most kinds do upstream.
    public ResourceBuilder<T> metadataUpdateNotRevalidated() {
        revalidatesMetadataUpdate = false;
        return this;
    }

    /// A prefix for generated names is taken as the name: nothing is generated.
    public ResourceBuilder<T> generatesNoNames() {
        generatesNames = false;
        return this;
    }

    /// The rules of the kind have none for the metadata: those for all kinds are asked when nothing else is wrong.
    public ResourceBuilder<T> metadataCheckedLast() {
        metadataCheckedLast = true;
        return this;
    }

    /// Finalizers need not be qualified.
    public ResourceBuilder<T> anyFinalizers() {
        anyFinalizers = true;
        return this;
    }

    /// An annotation that belongs to the whole object, and is not shown where only its metadata is.
    public ResourceBuilder<T> withoutAnnotationInMetadata(String annotation) {
        hiddenAnnotation = annotation;
        return this;
    }

    /// What the resource counts itself.
    public ResourceBuilder<T> measures(Measures register) {
        measures = register;
        return this;
    }

    /// Every request for the resource is answered with this warning.
    public ResourceBuilder<T> deprecated(String warning) {
        deprecation = warning;
        return this;
    }

    /// Objects of this resource vanish some time after they were last written (events).
    public ResourceBuilder<T> timeToLive(Duration span) {
        timeToLive = span;
        return this;
    }

    public ResourceBuilder<T> prepareCreate(Strategy.Create<T> function) {
        prepareCreate = function;
        return this;
    }

    public ResourceBuilder<T> prepareUpdate(Strategy.Update<T> function) {
        prepareUpdate = function;
        return this;
    }

    /// Rules that hold on create and on update.
    public ResourceBuilder<T> rules(Strategy.Rules<T> more) {
        rules.add(more);
        return this;
    }

    /// Rules that hold only when the object is written in the hub's version (others bring their own).
    public ResourceBuilder<T> hubRules(Strategy.VersionRules<T> more) {
        hubRules = more;
        return this;
    }

    /// Rules for creation only.
    public ResourceBuilder<T> createRules(Strategy.Rules<T> more) {
        createRules.add(more);
        return this;
    }

    /// Rules for the change from an old object (second) to a new one (first).
    public ResourceBuilder<T> updateRules(Subresource.UpdateRules<T> more) {
        updateRules.add(more);
        return this;
    }

    public ResourceBuilder<T> warnings(Strategy.Warnings<T> function) {
        warnings = function;
        return this;
    }

    /// What follows each write and removal of such an object.
    public ResourceBuilder<T> afterWrite(Strategy.After<T> function) {
        afterWrite = function;
        return this;
    }

    /// Throws a refusal for an object that may not be deleted; asked for dry runs, too.
    public ResourceBuilder<T> removalRules(Consumer<T> function) {
        removalRules = function;
        return this;
    }

    /// What a table says of an object as a whole, besides its cells.
    public ResourceBuilder<T> rowConditions(Function<T, List<TableRowCondition>> function) {
        rowConditions = function;
        return this;
    }

    public ResourceBuilder<T> beforeRemoval(Strategy.Removal<T> function) {
        removal = function;
        return this;
    }

    /// The columns of its table, which are made when the first table is asked for. Asked for again, more of them.
    public ResourceBuilder<T> table(Consumer<Columns<T>> of) {
        table = table.andThen(of);
        return this;
    }

    /// A field that selectors may name, besides `metadata.name` and `metadata.namespace`.
    public ResourceBuilder<T> selectable(String field, Function<T, String> value) {
        selectable.add(new SelectableField<>(field, value));
        return this;
    }

    public ResourceBuilder<T> subresource(Subresource<T> subresource) {
        subresources.put(subresource.name(), subresource);
        return this;
    }
}
