package io.j8s.apiserver.resource;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.model.ApiResource;
import io.j8s.model.Field;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// All that the API server knows of one resource. Immutable; made by a [Builder] in the one file that declares the resource.
///
/// The server works in one version of it, the hub, which is also the version that is stored; other served versions convert to and from it.
public final class Resource<T extends Struct> {

    private final Builder<T> declared;
    private final List<Version<T, ?>> versions;
    private final Map<String, Subresource<T>> subresources;
    private final UnaryOperator<T> lastPreparation;
    private final List<Strategy.Rules<T>> furtherRules;

    private Resource(Builder<T> declared) {
        this(declared, List.copyOf(declared.versions()), Map.copyOf(declared.subresources), UnaryOperator.identity(), List.of());
    }

    private Resource(
            Builder<T> declared, List<Version<T, ?>> versions, Map<String, Subresource<T>> subresources, UnaryOperator<T> lastPreparation,
            List<Strategy.Rules<T>> furtherRules) {
        this.declared = declared;
        this.versions = versions;
        this.subresources = subresources;
        this.lastPreparation = lastPreparation;
        this.furtherRules = furtherRules;
    }

    /// The same resource whose objects are changed so after they are prepared.
    public Resource<T> prepared(UnaryOperator<T> preparation) {
        return new Resource<>(declared, versions, subresources, preparation, furtherRules);
    }

    /// The same resource with rules that hold on create and update besides its own.
    public Resource<T> withRules(Strategy.Rules<T> rules) {
        List<Strategy.Rules<T>> more = new ArrayList<>(furtherRules);
        more.add(rules);
        return new Resource<>(declared, versions, subresources, lastPreparation, List.copyOf(more));
    }

    /// The same resource with one more subresource.
    public Resource<T> with(Subresource<T> subresource) {
        Map<String, Subresource<T>> more = new HashMap<>(subresources);
        more.put(subresource.name(), subresource);
        return new Resource<>(declared, versions, Map.copyOf(more), lastPreparation, furtherRules);
    }

    /// Begins the declaration of a stored resource whose hub is this version.
    public static <T extends Struct> Builder<T> of(ApiResource<T> hub) {
        return new Builder<>(hub);
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

    /// Paths of fields that a write of the object (subresource empty) or of a part cannot change, and so nobody owns by it.
    public Set<List<String>> resetFields(String subresource) {
        return declared.resetFields.getOrDefault(subresource, Set.of());
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

    /// What every request for the resource is warned of; empty: nothing.
    public String deprecation() {
        return declared.deprecation;
    }

    /// Zero for objects that stay.
    public Duration timeToLive() {
        return declared.timeToLive;
    }

    public T prepareCreate(T sent, WriteContext context) {
        return lastPreparation.apply(declared.prepareCreate.prepare(declared.statusApart && !declared.createsWithStatus ? Parts.withoutStatus(sent) : sent, context));
    }

    public T prepareUpdate(T sent, T stored, WriteContext context) {
        return lastPreparation.apply(declared.prepareUpdate.prepare(declared.statusApart ? Parts.keepStatus(sent, stored) : sent, stored, context));
    }

    public void validateCreate(T object, FieldErrors errors) {
        declared.rules.forEach(rules -> rules.check(object, errors));
        declared.createRules.forEach(rules -> rules.check(object, errors));
        furtherRules.forEach(rules -> rules.check(object, errors));
    }

    public void validateUpdate(T object, T old, FieldErrors errors) {
        declared.rules.forEach(rules -> rules.check(object, errors));
        declared.updateRules.forEach(rules -> rules.check(object, old, errors));
        furtherRules.forEach(rules -> rules.check(object, errors));
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
        return declared.columns;
    }

    /// Brings a value that was read as the hub's type under its Java type.
    @SuppressWarnings("unchecked") // a struct of the hub's type is a T
    public T cast(Struct struct) {
        if (struct.structType() != declared.hub.type() && !struct.structType().name().equals(declared.hub.type().name())) {
            throw new IllegalArgumentException(declared.hub + " holds values of " + declared.hub.type() + ", not of " + struct.structType());
        }
        return (T) struct;
    }

    @Override
    public String toString() {
        return declared.hub.toString();
    }

    /// Collects a declaration; every method answers the builder itself.
    public static final class Builder<T extends Struct> {
        private final ApiResource<T> hub;
        private final List<Version<T, ?>> before = new ArrayList<>(0);
        private final List<Version<T, ?>> after = new ArrayList<>(0);
        private boolean hubServed = true;
        private UnaryOperator<T> defaults = UnaryOperator.identity();
        private Strategy.VersionRules<T> hubRules = (object, old, errors) -> {};
        private @Nullable ObjectReader reader;
        private String storedAt;
        private boolean storedAsJson;
        private String singular;
        private List<String> shortNames = List.of();
        private List<String> categories = List.of();
        private Set<Verb> verbs = Verb.all();
        private Set<Verb> announcedVerbs = Set.of();
        private @Nullable Virtual<T> virtual;
        private NameRule nameRule = NameRule.DNS_SUBDOMAIN;
        private boolean createsOnUpdate;
        private boolean updatesUnconditionally = true;
        private boolean orphansByDefault;
        private String orphanWarning = "";
        private boolean garbageCollected = true;
        private Strategy.@Nullable Grace<T> grace;
        private Predicate<T> held = object -> false;
        private boolean holds;
        private boolean answersDeletionWithObject;
        private UnaryOperator<T> markDeleted = UnaryOperator.identity();
        private UnaryOperator<T> kept = UnaryOperator.identity();
        private @Nullable StoredReader storedReader;
        private Strategy.@Nullable Changed<T> generation;
        private final Map<String, Set<List<String>>> resetFields = new HashMap<>();
        private boolean statusApart;
        private boolean createsWithStatus;
        private int metadataRevalidations = 1;
        private boolean anyGenerateName;
        private boolean revalidatesMetadataUpdate = true;
        private boolean anyFinalizers;
        private Duration timeToLive = Duration.ZERO;
        private String deprecation = "";
        private String hiddenAnnotation = "";
        private Strategy.Create<T> prepareCreate = (sent, context) -> sent;
        private Strategy.Update<T> prepareUpdate = (sent, stored, context) -> sent;
        private final List<Strategy.Rules<T>> rules = new ArrayList<>(1);
        private final List<Strategy.Rules<T>> createRules = new ArrayList<>(0);
        private final List<Subresource.UpdateRules<T>> updateRules = new ArrayList<>(1);
        private Strategy.Warnings<T> warnings = (object, old) -> List.of();
        private Strategy.Removal<T> removal = (object, context) -> {};
        private Consumer<T> removalRules = object -> {};
        private Function<T, List<TableRowCondition>> rowConditions = object -> List.of();
        private Strategy.After<T> afterWrite = (object, upkeep) -> {};
        private final List<Column<T>> columns = new ArrayList<>();
        private final List<SelectableField<T>> selectable = new ArrayList<>(0);
        private final Map<String, Subresource<T>> subresources = new java.util.LinkedHashMap<>();

        private Builder(ApiResource<T> hub) {
            this.hub = hub;
            this.storedAt = hub.plural();
            this.singular = hub.kind().toLowerCase(Locale.ROOT);
        }

        public Resource<T> build() {
            return new Resource<>(this);
        }

        private List<Version<T, ?>> versions() {
            List<Version<T, ?>> all = new ArrayList<>(before);
            if (hubServed) {
                all.add(new Version<>(hub, defaults, Function.identity(), Function.identity(), selectable, hubRules, reader));
            }
            all.addAll(after);
            return all;
        }

        /// Where its keys lie, when not at its plural name: `services/specs`.
        public Builder<T> storedAt(String path) {
            storedAt = path;
            return this;
        }

        /// Stored values are read by this, and not by the codecs of the versions.
        public Builder<T> storedBy(StoredReader of) {
            storedReader = of;
            return this;
        }

        /// What of an object is stored, when not all of it (a custom resource can hold what only another version knows, until it is stored).
        public Builder<T> keeps(UnaryOperator<T> part) {
            kept = part;
            return this;
        }

        /// Values are stored as JSON (custom resources).
        public Builder<T> storedAsJson() {
            storedAsJson = true;
            return this;
        }

        /// A version that clients should prefer to the hub.
        public <V extends Struct> Builder<T> preferredVersion(Version<T, V> version) {
            before.add(version);
            return this;
        }

        /// A version served besides the hub.
        public <V extends Struct> Builder<T> alsoServed(Version<T, V> version) {
            after.add(version);
            return this;
        }

        /// The hub is stored and worked in, but clients do not see it (a custom resource's storage version that is not served).
        public Builder<T> hubNotServed() {
            hubServed = false;
            return this;
        }

        /// Fills in what a client left out, in the hub's version.
        public Builder<T> defaults(UnaryOperator<T> function) {
            defaults = function;
            return this;
        }

        /// Objects of the hub's version are made by this, not by the codecs of its type.
        public Builder<T> readBy(ObjectReader of) {
            reader = of;
            return this;
        }

        /// The singular name, when it is not the kind in lower case.
        public Builder<T> singular(String name) {
            singular = name;
            return this;
        }

        public Builder<T> shortNames(String... names) {
            shortNames = List.of(names);
            return this;
        }

        public Builder<T> categories(String... names) {
            categories = List.of(names);
            return this;
        }

        /// The verbs it has, when not all.
        public Builder<T> verbs(Verb first, Verb... more) {
            verbs = EnumSet.of(first, more);
            return this;
        }

        /// The verbs that discovery tells of, when it is to tell of fewer than are served.
        public Builder<T> announces(Verb first, Verb... more) {
            announcedVerbs = EnumSet.of(first, more);
            return this;
        }

        public Builder<T> without(Verb verb) {
            verbs = EnumSet.copyOf(verbs);
            verbs.remove(verb);
            return this;
        }

        /// It is not stored: POST is answered at once.
        public Builder<T> answeredBy(Virtual.Create<T> create) {
            virtual = new Virtual<>(create, null, null);
            return verbs(Verb.CREATE);
        }

        /// It is not stored: objects are worked out.
        public Builder<T> computed(Virtual.Get<T> get, Virtual.ListAll<T> list) {
            virtual = new Virtual<>(null, get, list);
            return verbs(Verb.GET, Verb.LIST);
        }

        /// What names must look like, when not DNS subdomains.
        public Builder<T> names(NameRule rule) {
            nameRule = rule;
            return this;
        }

        /// A PUT to a name that does not exist creates.
        public Builder<T> createsOnUpdate() {
            createsOnUpdate = true;
            return this;
        }

        /// A PUT must name the resourceVersion that it replaces.
        public Builder<T> updatesOnlyConditionally() {
            updatesUnconditionally = false;
            return this;
        }

        /// As [#orphansByDefault()], and a deletion that says nothing of its dependents is told so in a warning.
        public Builder<T> orphansByDefault(String warning) {
            orphanWarning = warning;
            return orphansByDefault();
        }

        public Builder<T> orphansByDefault() {
            orphansByDefault = true;
            return this;
        }

        /// Deletions ignore propagation policies (core events).
        public Builder<T> notGarbageCollected() {
            garbageCollected = false;
            return this;
        }

        public Builder<T> grace(Strategy.Grace<T> rule) {
            grace = rule;
            return this;
        }

        /// Keeps an object that is being deleted as long as `reason` holds; `mark` is applied when its deletion begins.
        public Builder<T> heldWhile(Predicate<T> reason, UnaryOperator<T> mark) {
            holds = true;
            held = reason;
            markDeleted = mark;
            return this;
        }

        /// A finished deletion is answered with the object and not with a Status.
        public Builder<T> answersDeletionWithObject() {
            answersDeletionWithObject = true;
            return this;
        }

        /// Objects have a generation, which is 1 at first and is raised when this says that something changed.
        public Builder<T> generation(Strategy.Changed<T> changed) {
            generation = changed;
            return this;
        }

        /// Objects have a generation, raised when the field `spec` changes.
        public Builder<T> generationOfSpec() {
            Field spec = Parts.field(hub.type(), "spec");
            return generation((object, old) -> !Objects.equals(object.get(spec), old.get(spec)));
        }

        /// `status` is a subresource of the usual kind: creation drops it, an update of the object keeps what is stored, and an update of the subresource changes
        /// `status`, labels, annotations and the other metadata, and nothing else.
        public Builder<T> status(Subresource.UpdateRules<T> statusRules) {
            return status(Parts::onlyStatus, statusRules);
        }

        /// Creation takes `status` as it was sent (nodes register themselves with theirs).
        public Builder<T> createsWithStatus() {
            createsWithStatus = true;
            return this;
        }

        /// As above, with a preparation of its own: `prepare` gets what was sent to the subresource as it came.
        public Builder<T> status(Subresource.Prepare<T> prepare, Subresource.UpdateRules<T> statusRules) {
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
        public Builder<T> resets(String subresource, String path) {
            resetFields.computeIfAbsent(subresource, key -> new LinkedHashSet<>()).add(List.of(path.split("\\.")));
            return this;
        }

        /// The rules for updates of this kind do not look at the metadata as a whole once more, as those of most kinds do upstream.
        public Builder<T> metadataNotRevalidated() {
            metadataRevalidations = 0;
            return this;
        }

        /// The rules for updates of this kind look at the metadata as a whole twice more.
        public Builder<T> metadataRevalidatedTwice() {
            metadataRevalidations = 2;
            return this;
        }

        /// Prefixes for generated names have no rules of their own.
        public Builder<T> anyGenerateName() {
            anyGenerateName = true;
            return this;
        }

        /// The rules for updates of this kind do not look once more at what may not change in the metadata, as those of most kinds do upstream.
        public Builder<T> metadataUpdateNotRevalidated() {
            revalidatesMetadataUpdate = false;
            return this;
        }

        /// Finalizers need not be qualified.
        public Builder<T> anyFinalizers() {
            anyFinalizers = true;
            return this;
        }

        /// An annotation that belongs to the whole object, and is not shown where only its metadata is.
        public Builder<T> withoutAnnotationInMetadata(String annotation) {
            hiddenAnnotation = annotation;
            return this;
        }

        /// Every request for the resource is answered with this warning.
        public Builder<T> deprecated(String warning) {
            deprecation = warning;
            return this;
        }

        /// Objects of this resource vanish some time after they were last written (events).
        public Builder<T> timeToLive(Duration span) {
            timeToLive = span;
            return this;
        }

        public Builder<T> prepareCreate(Strategy.Create<T> function) {
            prepareCreate = function;
            return this;
        }

        public Builder<T> prepareUpdate(Strategy.Update<T> function) {
            prepareUpdate = function;
            return this;
        }

        /// Rules that hold on create and on update.
        public Builder<T> rules(Strategy.Rules<T> more) {
            rules.add(more);
            return this;
        }

        /// Rules that hold only when the object is written in the hub's version (others bring their own).
        public Builder<T> hubRules(Strategy.VersionRules<T> more) {
            hubRules = more;
            return this;
        }

        /// Rules for creation only.
        public Builder<T> createRules(Strategy.Rules<T> more) {
            createRules.add(more);
            return this;
        }

        /// Rules for the change from an old object (second) to a new one (first).
        public Builder<T> updateRules(Subresource.UpdateRules<T> more) {
            updateRules.add(more);
            return this;
        }

        public Builder<T> warnings(Strategy.Warnings<T> function) {
            warnings = function;
            return this;
        }

        /// What follows each write and removal of such an object.
        public Builder<T> afterWrite(Strategy.After<T> function) {
            afterWrite = function;
            return this;
        }

        /// Throws a refusal for an object that may not be deleted; asked for dry runs, too.
        public Builder<T> removalRules(Consumer<T> function) {
            removalRules = function;
            return this;
        }

        /// What a table says of an object as a whole, besides its cells.
        public Builder<T> rowConditions(Function<T, List<TableRowCondition>> function) {
            rowConditions = function;
            return this;
        }

        public Builder<T> beforeRemoval(Strategy.Removal<T> function) {
            removal = function;
            return this;
        }

        /// The table's column with the object's name.
        public Builder<T> nameColumn() {
            columns.add(new Column<>(
                    "Name", "string", "name", "Name must be unique within a namespace.", 0, (object, now) -> io.j8s.model.Objects.metadata(object).name()));
            return this;
        }

        /// The table's column with the object's age.
        public Builder<T> ageColumn() {
            columns.add(new Column<>("Age", "string", "", "How long ago the object was created.", 0, (object, now) -> Cells.age(io.j8s.model.Objects.metadata(object).creationTimestamp(), now)));
            return this;
        }

        public Builder<T> column(String name, String type, String description, Column.Cell<T> cell) {
            columns.add(new Column<>(name, type, "", description, 0, cell));
            return this;
        }

        /// A column of wide tables.
        public Builder<T> wideColumn(String name, String type, String description, Column.Cell<T> cell) {
            columns.add(new Column<>(name, type, "", description, 1, cell));
            return this;
        }

        public Builder<T> column(Column<T> column) {
            columns.add(column);
            return this;
        }

        /// A field that selectors may name, besides `metadata.name` and `metadata.namespace`.
        public Builder<T> selectable(String field, Function<T, String> value) {
            selectable.add(new SelectableField<>(field, value));
            return this;
        }

        public Builder<T> subresource(Subresource<T> subresource) {
            subresources.put(subresource.name(), subresource);
            return this;
        }
    }
}
