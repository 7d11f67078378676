package io.j8s.apiserver.operation;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.registry.ResourceTable;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Creates and changes objects: admission, strategy, validation, and the commit, tried again when another writer came first.
public final class Writes {

    private static final int NAME_ATTEMPTS = 8;
    private static final int COMMIT_ATTEMPTS = 100;

    private final Engine engine;
    private final Commits commits;
    private final Deletions deletions;
    private final Aftercare aftercare;

    public Writes(Engine engine) {
        this.engine = engine;
        this.commits = new Commits(engine);
        this.aftercare = new Aftercare(engine, this);
        this.deletions = new Deletions(engine, commits, aftercare);
    }

    public Deletions deletions() {
        return deletions;
    }

    /// What an update makes of the stored object; asked again for each attempt. `current` is null when there is none. Throws refusals.
    @FunctionalInterface
    public interface Source<T extends Struct> {
        T from(@Nullable Stored<T> current);
    }

    /// How the object is taken over from what was sent, and by which rules: the resource's own, or those of a subresource.
    interface Rules<T extends Struct> {
        T prepare(T sent, T stored, PendingWrite write);

        void validate(T object, T old, FieldErrors errors);

        boolean createsOnUpdate();
    }

    // ---- create

    /// Stores a new object, whose name may still have to be generated.
    public <T extends Struct> Stored<T> create(Target<T> target, Call call, T sent, WritePolicy policy) {
        T object = withoutSystemFields(sent);
        object = Metadata.inNamespace(target, object);
        object = Metadata.distinctOwners(object, call);
        object = engine.ownership().update(target, Metadata.empty(target.resource()), object, call.managerOr(policy.manager()), "", now());
        AdmissionRequest request = engine.admission().mutate(admission(Operation.CREATE, target, "", call, object, null, policy));
        T admitted = Metadata.distinctOwners(object(target, request), call);
        refuseResourceVersion(admitted, policy);
        boolean generated = Objects.metadata(admitted).name().isEmpty() && !Objects.metadata(admitted).generateName().isEmpty();
        for (int attempt = 1; ; attempt++) {
            Stored<T> stored = tryCreate(target, call, admitted, policy, request);
            if (stored != null) {
                return stored;
            }
            if (!generated || attempt == NAME_ATTEMPTS) {
                throw alreadyExists(target, admitted, generated);
            }
        }
    }

    /// What was sent of an object that is answered at once and not stored: in its namespace, owned by who sent it.
    public <T extends Struct> T managed(Target<T> target, Call call, T sent, WritePolicy policy) {
        T placed = Metadata.inNamespace(target, sent);
        return engine.ownership().update(target, Metadata.empty(target.resource()), placed, call.managerOr(policy.manager()), "", now());
    }

    private <T extends Struct> Refusal alreadyExists(Target<T> target, T object, boolean generated) {
        String name = Objects.metadata(object).name();
        Refusal refusal = Refusal.alreadyExists(target.group(), target.plural(), name);
        Stored<T> there = engine.tables().of(target.resource()).get(Objects.metadata(object).namespace(), name);
        if (there != null && Objects.metadata(there.object()).hasDeletionTimestamp()) {
            refusal = new Refusal(refusal.code(), refusal.reason(), "object is being deleted: " + refusal.getMessage(), refusal.details());
        }
        if (generated || !Objects.metadata(object).generateName().isEmpty()) {
            return refusal.with(refusal.details().retryAfter(1));
        }
        return refusal;
    }

    /// One attempt: null when the name is taken.
    private <T extends Struct> @Nullable Stored<T> tryCreate(Target<T> target, Call call, T admitted, WritePolicy policy, AdmissionRequest request) {
        T named = withSystemFields(target.resource(), admitted);
        Target<T> exact = target.named(Objects.metadata(named).name());
        PendingWrite write = new PendingWrite(engine.tables(), engine.timeline(), call, target.namespace(), exact.name(), policy.dryRun());
        AdmissionRequest last = request;
        boolean done = false;
        try {
            T object = prepareCreate(exact, named, write, call);
            String name = Objects.metadata(object).name();
            ResourceTable<T> table = engine.tables().of(target.resource());
            last = request.named(name).withObject(object);
            engine.admission().validate(last);
            Stored<T> changed = table.prepare(table.key(Objects.metadata(object).namespace(), name), object);
            if (policy.dryRun()) {
                return table.view().get(changed.key()) == null ? changed : null;
            }
            done = commits.put(table, changed, 0, write);
            if (done) {
                aftercare.of(target.resource(), changed.object());
            }
            return done ? changed : null;
        } finally {
            if (!done) {
                write.release();
                engine.admission().release(last);
            }
        }
    }

    private <T extends Struct> T prepareCreate(Target<T> target, T named, PendingWrite write, Call call) {
        Resource<T> resource = target.resource();
        T object = resource.prepareCreate(resource.generation() == null ? named : withMeta(named, Objects.metadata(named).withGeneration(1)), write);
        FieldErrors errors = new FieldErrors();
        boolean ofVersion = target.version().rules().checksMetadata();
        if (ofVersion) {
            MetadataRules.checkOfVersion(resource, Objects.metadata(object), errors);
        } else if (!resource.metadataCheckedLast()) {
            MetadataRules.check(resource, Objects.metadata(object), errors);
        }
        resource.validateCreate(object, errors);
        target.version().rules().check(object, null, errors);
        if (!ofVersion && resource.metadataCheckedLast() && errors.isEmpty()) {
            MetadataRules.check(resource, Objects.metadata(object), errors);
        }
        errors.warnings().forEach(call::warn);
        if (!errors.isEmpty()) {
            throw target.invalid(errors.list());
        }
        resource.warnings(object, null).forEach(call::warn);
        return object;
    }

    /// Only a version that a server may have given is refused; others never meant anything.
    private static void refuseResourceVersion(Struct object, WritePolicy policy) {
        String version = Objects.metadata(object).resourceVersion();
        boolean isVersion = !version.isEmpty() && version.chars().allMatch(c -> c >= '0' && c <= '9') && !version.chars().allMatch(c -> c == '0');
        if (isVersion && !policy.dryRun()) {
            throw Refusal.badRequest("resourceVersion should not be set on objects to be created");
        }
    }

    private static <T extends Struct> T withoutSystemFields(T sent) {
        ObjectMeta meta = Objects.metadata(sent);
        ObjectMeta bare = meta;
        if (meta.hasUid() || meta.hasCreationTimestamp() || meta.hasDeletionTimestamp() || meta.hasDeletionGracePeriodSeconds() || meta.hasSelfLink()) {
            bare = bare.withoutUid().withoutCreationTimestamp().withoutDeletionTimestamp().withoutDeletionGracePeriodSeconds().withoutSelfLink();
        }
        return withMeta(sent, bare);
    }

    private <T extends Struct> T withSystemFields(Resource<T> resource, T object) {
        ObjectMeta meta = Objects.metadata(object);
        if (meta.name().isEmpty() && !meta.generateName().isEmpty()) {
            String prefix = meta.generateName();
            meta = meta.withName(resource.generatesNames() ? Metadata.generatedName(prefix, engine.timeline().random()) : prefix);
        }
        return withMeta(object, meta.withUid(newUid()).withCreationTimestamp(now()));
    }

    private String newUid() {
        long high = engine.timeline().random().nextLong() & ~0xF000L | 0x4000L;
        long low = engine.timeline().random().nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }

    // ---- update

    /// Replaces an object, or a part of it, by what was sent.
    public <T extends Struct> Written<T> put(
            Target<T> target, Call call, String subresource, T sent, Runnable authorizeCreate, WritePolicy policy) {
        T distinct = Metadata.distinctOwners(Metadata.inNamespace(target, sent), call);
        String manager = call.managerOr(policy.manager());
        Instant now = now();
        Source<T> source = current -> {
            T live = current == null ? Metadata.empty(target.resource()) : current.object();
            String uid = Objects.metadata(sent).uid();
            if (!uid.isEmpty() && current != null && !uid.equals(Objects.metadata(live).uid())) {
                throw target.conflict("Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + Objects.metadata(live).uid());
            }
            return engine.ownership().update(target, live, distinct, manager, subresource, now);
        };
        return update(target, call, subresource, source, false, authorizeCreate, policy);
    }

    /// Changes an object, or creates it where that is allowed.
    ///
    /// @param subresource empty for the object itself
    /// @param createAllowed whether it may be created even if the resource's updates do not create (server-side apply)
    /// @param authorizeCreate throws when the user may not create
    public <T extends Struct> Written<T> update(
            Target<T> target, Call call, String subresource, Source<T> source, boolean createAllowed, Runnable authorizeCreate, WritePolicy policy) {
        return update(target, call, UpdateRules.of(target, subresource), subresource, source, createAllowed, authorizeCreate, policy);
    }

    <T extends Struct> Written<T> update(
            Target<T> target, Call call, Rules<T> rules, String subresource, Source<T> source, boolean createAllowed, Runnable authorizeCreate, WritePolicy policy) {
        ResourceTable<T> table = engine.tables().of(target.resource());
        engine.awaitNewest();
        for (int attempt = 0; attempt < COMMIT_ATTEMPTS; attempt++) {
            Stored<T> current = target.working(table.get(target.namespace(), target.name()));
            if (current == null && !rules.createsOnUpdate() && !createAllowed) {
                throw target.notFound();
            }
            Written<T> written = current == null
                    ? createByUpdate(target, call, source, authorizeCreate, policy)
                    : tryUpdate(target, call, rules, subresource, source, current, policy);
            if (written != null) {
                return written;
            }
        }
        throw target.conflict("it is written by so many others that no attempt succeeded");
    }

    private <T extends Struct> @Nullable Written<T> createByUpdate(Target<T> target, Call call, Source<T> source, Runnable authorizeCreate, WritePolicy policy) {
        T sent = source.from(null);
        if (!Objects.metadata(sent).uid().isEmpty()) {
            throw target.conflict("uid mismatch: the provided object specified uid " + Objects.metadata(sent).uid() + ", and no existing object was found");
        }
        AdmissionRequest request = engine.admission().mutate(admission(Operation.CREATE, target, "", call, Metadata.inNamespace(target, sent), null, policy));
        T admitted = Metadata.distinctOwners(object(target, request), call);
        authorizeCreate.run();
        Stored<T> stored = tryCreate(target, call, admitted, policy, request);
        return stored == null ? null : new Written<>(stored, true);
    }

    /// One attempt: null when the object was changed meanwhile.
    private <T extends Struct> @Nullable Written<T> tryUpdate(
            Target<T> target, Call call, Rules<T> rules, String subresource, Source<T> source, Stored<T> current, WritePolicy policy) {
        ResourceTable<T> table = engine.tables().of(target.resource());
        T live = current.object();
        T sent = Metadata.inNamespace(target, source.from(current));
        AdmissionRequest request = engine.admission().mutate(admission(Operation.UPDATE, target, subresource, call, sent, live, policy));
        T admitted = Metadata.distinctOwners(object(target, request), call);
        checkPreconditions(target, subresource, admitted, current);
        PendingWrite write = new PendingWrite(engine.tables(), engine.timeline(), call, target.namespace(), target.name(), policy.dryRun());
        AdmissionRequest last = request;
        boolean done = false;
        try {
            T object = prepareUpdate(target, rules, subresource, admitted, live, write, call);
            object = engine.ownership().withoutIdleTimes(target.resource(), object, live);
            last = request.withObject(object);
            engine.admission().validate(last);
            if (endsDeletion(target.resource(), object, live)) {
                done = policy.dryRun() || deletions.removeByUpdate(table, current, write);
                return done ? new Written<>(table.prepare(current.key(), object).publish(current.revision()), false) : null;
            }
            if (object.equals(live) && !table.outdated(engine.tables().store(), current)) {
                done = true;
                return new Written<>(current, false);
            }
            Stored<T> changed = table.prepare(current.key(), object);
            if (policy.dryRun()) {
                return new Written<>(changed.publish(current.revision()), false);
            }
            done = commits.put(table, changed, current.revision(), write);
            if (done) {
                aftercare.of(target.resource(), changed.object());
            }
            return done ? new Written<>(changed, false) : null;
        } finally {
            if (!done) {
                write.release();
                engine.admission().release(last);
            }
        }
    }

    private <T extends Struct> T prepareUpdate(
            Target<T> target, Rules<T> rules, String subresource, T admitted, T live, PendingWrite write, Call call) {
        Resource<T> resource = target.resource();
        ObjectMeta old = Objects.metadata(live);
        T object = withMeta(admitted, Objects.metadata(admitted).withGeneration(old.generation()));
        object = rules.prepare(object, live, write);
        object = withMeta(object, Metadata.keepSystemFields(Objects.metadata(object), old));
        boolean changesSpec = subresource.isEmpty() || resource.subresources(target.version()).get(subresource) instanceof io.j8s.apiserver.resource.Subresource.View<T, ?>;
        if (resource.generation() != null && changesSpec && resource.generation().between(object, live)) {
            object = withMeta(object, Objects.metadata(object).withGeneration(old.generation() + 1));
        }
        FieldErrors errors = new FieldErrors();
        boolean again = resource.revalidatesMetadataUpdate() || target.version().rules().checksMetadata();
        MetadataRules.checkUpdate(resource, subresource.isEmpty(), again, Objects.metadata(object), old, errors);
        rules.validate(object, live, errors);
        if (subresource.isEmpty()) {
            target.version().rules().check(object, live, errors);
        } else {
            target.version().rules().checkPart(subresource, object, live, errors);
        }
        errors.warnings().forEach(call::warn);
        if (!errors.isEmpty()) {
            throw target.invalid(errors.list());
        }
        if (subresource.isEmpty()) {
            resource.warnings(object, live).forEach(call::warn);
        }
        return object;
    }

    private static <T extends Struct> void checkPreconditions(Target<T> target, String subresource, T sent, Stored<T> current) {
        String version = Objects.metadata(sent).resourceVersion();
        if (version.isEmpty() || version.equals("0")) {
            if (!target.resource().updatesUnconditionally() && !isView(target, subresource)) {
                FieldErrors errors = new FieldErrors();
                errors.invalid(FieldPath.of("metadata").child("resourceVersion"), 0, "must be specified for an update");
                throw Refusal.invalid(target.group(), target.plural(), target.name(), errors.list());
            }
        } else if (!version.equals(Long.toString(current.revision()))) {
            requireNumber(version);
            throw target.changedMeanwhile();
        }
    }

    /// Whether the subresource is the object seen as another kind: then a write of it is a write of the object.
    private static <T extends Struct> boolean isView(Target<T> target, String subresource) {
        return target.resource().subresources(target.version()).get(subresource) instanceof io.j8s.apiserver.resource.Subresource.View<?, ?>;
    }

    private static void requireNumber(String version) {
        if (!version.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Refusal.badRequest("metadata.resourceVersion: Invalid value: \"" + version + "\": must be a version that the server gave");
        }
    }

    /// Whether an update takes away the last reason for an object that is being deleted to stay.
    private static <T extends Struct> boolean endsDeletion(Resource<T> resource, T object, T live) {
        ObjectMeta old = Objects.metadata(live);
        return Objects.metadata(object).finalizers().isEmpty()
                && old.hasDeletionTimestamp()
                && old.deletionGracePeriodSeconds() == 0
                && !resource.held().test(object);
    }

    private AdmissionRequest admission(
            Operation operation, Target<?> target, String subresource, Call call, Struct object, @Nullable Struct old, WritePolicy policy) {
        String name = target.name().isEmpty() ? Objects.metadata(object).name() : target.name();
        return new AdmissionRequest(
                operation, target.resource(), target.version().resource(), subresource, target.namespace(), name, object, old, policy.options(), call.user(),
                policy.dryRun(), now(), engine.tables(), call::warn, call::annotate);
    }

    private static <T extends Struct> T object(Target<T> target, AdmissionRequest request) {
        return target.version().working(target.resource().cast(java.util.Objects.requireNonNull(request.object())));
    }

    private Instant now() {
        return engine.timeline().now().truncatedTo(ChronoUnit.SECONDS);
    }

    private static <T extends Struct> T withMeta(T object, ObjectMeta meta) {
        return Objects.metadata(object).equals(meta) ? object : Objects.withMetadata(object, meta);
    }

    /// The rules by which an object, or one of its parts, is updated.
    private record UpdateRules<T extends Struct>(
            boolean createsOnUpdate, io.j8s.apiserver.resource.Subresource.Prepare<T> prepare, io.j8s.apiserver.resource.Subresource.UpdateRules<T> validate)
            implements Rules<T> {

        static <T extends Struct> Rules<T> of(Target<T> target, String subresource) {
            Resource<T> resource = target.resource();
            if (subresource.isEmpty()) {
                return new UpdateRules<>(resource.createsOnUpdate(), resource::prepareUpdate, resource::validateUpdate);
            }
            Map<String, io.j8s.apiserver.resource.Subresource<T>> all = resource.subresources(target.version());
            if (all.get(subresource) instanceof io.j8s.apiserver.resource.Subresource.Part<T> part) {
                return new UpdateRules<>(false, part.prepare(), part.validate());
            }
            return new UpdateRules<>(false, resource::prepareUpdate, resource::validateUpdate);
        }

        @Override
        public T prepare(T sent, T stored, PendingWrite write) {
            return prepare.apply(sent, stored, write);
        }

        @Override
        public void validate(T object, T old, FieldErrors errors) {
            validate.check(object, old, errors);
        }
    }
}
