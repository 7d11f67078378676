package io.j8s.apiserver.operation;

import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.registry.ResourceTable;
import io.j8s.apiserver.registry.Stored;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.Strategy;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.Status;
import io.j8s.model.meta.v1.StatusDetails;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Deletes objects: at once, or by marking them and leaving the end to whoever must act first (a kubelet, a controller with a finalizer).
public final class Deletions {

    static final String ORPHAN = "orphan";
    static final String FOREGROUND = "foregroundDeletion";

    private static final int ATTEMPTS = 100;

    private final Engine engine;
    private final Commits commits;

    private final Aftercare aftercare;

    Deletions(Engine engine, Commits commits, Aftercare aftercare) {
        this.engine = engine;
        this.commits = commits;
        this.aftercare = aftercare;
    }

    /// How a client wants a deletion to be made.
    ///
    /// @param graceSeconds null: the object's own
    /// @param propagation `Orphan`, `Background`, `Foreground`; empty: the resource's default
    /// @param orphanDependents the older form of it; null: not said
    /// @param uid, resourceVersion what the object must have; null: anything
    /// @param options the options as an object, for admission
    public record Policy(
            @Nullable Long graceSeconds,
            String propagation,
            @Nullable Boolean orphanDependents,
            @Nullable String uid,
            @Nullable String resourceVersion,
            boolean dryRun,
            Struct options) {}

    /// What came of a deletion.
    ///
    /// @param answer a Status with the deleted object's uid, or the object while it still has to end
    /// @param object the object's last state
    /// @param removed whether it is gone
    public record Deleted<T extends Struct>(Struct answer, Stored<T> object, boolean removed) {}

    /// Deletes one object.
    ///
    /// @param admit whether admission is asked
    public <T extends Struct> Deleted<T> delete(Target<T> target, Call call, Policy policy, boolean admit) {
        if (!target.resource().orphanWarning().isEmpty() && policy.propagation().isEmpty() && policy.orphanDependents() == null) {
            call.warn(target.resource().orphanWarning());
        }
        ResourceTable<T> table = engine.tables().of(target.resource());
        engine.awaitNewest();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Stored<T> current = target.working(table.get(target.namespace(), target.name()));
            if (current == null) {
                throw target.notFound();
            }
            Deleted<T> deleted = tryDelete(target, call, table, current, policy, admit);
            if (deleted != null) {
                return deleted;
            }
        }
        throw target.conflict("it is written by so many others that no attempt to delete it succeeded");
    }

    /// What a deletion is to do to an object.
    ///
    /// @param marked the object as it is to be stored; null: it is to be removed
    /// @param pending whether nothing is to be done, for an earlier deletion goes on
    /// @param last the object's last state, as an answer to its removal shows it
    private record Plan<T extends Struct>(@Nullable T marked, boolean pending, T last) {}

    private <T extends Struct> @Nullable Deleted<T> tryDelete(
            Target<T> target, Call call, ResourceTable<T> table, Stored<T> current, Policy policy, boolean admit) {
        checkPreconditions(target, Objects.metadata(current.object()), policy);
        Plan<T> plan = plan(target.resource(), current.object(), policy);
        if (plan.pending) {
            return new Deleted<>(current.object(), current, false);
        }
        PendingWrite write = new PendingWrite(engine.tables(), engine.timeline(), call, target.namespace(), target.name(), policy.dryRun());
        AdmissionRequest request = admission(target, call, current, policy);
        boolean done = false;
        try {
            if (admit) {
                engine.admission().validate(request);
            }
            target.resource().checkRemoval(current.object());
            Deleted<T> deleted = plan.marked == null ? remove(target, table, current, plan.last, write, policy) : mark(table, current, plan.marked, write, policy);
            done = deleted != null && !policy.dryRun();
            return deleted;
        } finally {
            if (!done) {
                write.release();
                if (admit) {
                    engine.admission().release(request);
                }
            }
        }
    }

    private <T extends Struct> @Nullable Deleted<T> remove(
            Target<T> target, ResourceTable<T> table, Stored<T> current, T last, PendingWrite write, Policy policy) {
        if (!policy.dryRun()) {
            Stored<T> ending = current.object().equals(last) ? current : markEnd(table, current, last, write);
            target.resource().beforeRemoval(current.object(), write);
            if (ending == null || commits.remove(table, ending, write) < 0) {
                return null;
            }
            aftercare.of(target.resource(), current.object());
        }
        if (target.resource().answersDeletionWithObject()) {
            return new Deleted<>(last, table.prepare(current.key(), last).publish(current.revision()), true);
        }
        return new Deleted<>(success(target, Objects.metadata(current.object()).uid()), current, true);
    }

    /// Tells watchers that an object with a grace period ends now, before it is gone; null when it was changed meanwhile.
    private <T extends Struct> @Nullable Stored<T> markEnd(ResourceTable<T> table, Stored<T> current, T last, PendingWrite write) {
        Stored<T> marked = table.prepare(current.key(), last);
        return commits.put(table, marked, current.revision(), write) ? marked : null;
    }

    private <T extends Struct> @Nullable Deleted<T> mark(ResourceTable<T> table, Stored<T> current, T marked, PendingWrite write, Policy policy) {
        if (marked.equals(current.object())) {
            return new Deleted<>(marked, current, false);
        }
        Stored<T> changed = table.prepare(current.key(), marked);
        if (policy.dryRun()) {
            changed.publish(current.revision());
            return new Deleted<>(changed.object(), changed, false);
        }
        return commits.put(table, changed, current.revision(), write) ? new Deleted<>(changed.object(), changed, false) : null;
    }

    /// Removes an object that an update has let go; false when it was changed meanwhile.
    <T extends Struct> boolean removeByUpdate(ResourceTable<T> table, Stored<T> current, PendingWrite write) {
        table.resource().beforeRemoval(current.object(), write);
        boolean removed = commits.remove(table, current, write) >= 0;
        if (removed) {
            aftercare.of(table.resource(), current.object());
        }
        return removed;
    }

    private <T extends Struct> Plan<T> plan(Resource<T> resource, T object, Policy policy) {
        ObjectMeta meta = Objects.metadata(object);
        List<String> finalizers = finalizers(resource, meta, policy);
        Strategy.Grace<T> grace = resource.grace();
        if (grace != null) {
            return gracefully(object, meta, finalizers, grace, policy);
        }
        if (resource.held().test(object) || resource.holds()) {
            return held(resource, object, meta, finalizers);
        }
        return finalizers.isEmpty() ? new Plan<>(null, false, object) : new Plan<>(Objects.withMetadata(object, deleting(meta, finalizers)), false, object);
    }

    /// With a grace period, which a later deletion can only shorten.
    private <T extends Struct> Plan<T> gracefully(T object, ObjectMeta meta, List<String> finalizers, Strategy.Grace<T> rule, Policy policy) {
        Long asked = policy.graceSeconds() != null && policy.graceSeconds() < 0 ? Long.valueOf(1) : policy.graceSeconds();
        Instant deleted = meta.deletionTimestamp();
        if (deleted == null) {
            long seconds = rule.seconds(object, asked);
            Instant end = now().plusSeconds(seconds);
            long generation = meta.generation() > 0 ? meta.generation() + 1 : 0;
            T marked = Objects.withMetadata(
                    object, meta.withFinalizers(finalizers).withDeletionTimestamp(end).withDeletionGracePeriodSeconds(seconds).withGeneration(generation));
            return seconds == 0 && finalizers.isEmpty() ? new Plan<>(null, false, marked) : new Plan<>(marked, false, object);
        }
        long period = meta.deletionGracePeriodSeconds();
        if (period == 0) {
            return finalizers.isEmpty() ? new Plan<>(null, false, object) : new Plan<>(Objects.withMetadata(object, deleting(meta, finalizers)), false, object);
        }
        if (asked == null || asked >= period) {
            return new Plan<>(null, true, object);
        }
        Instant end = deleted.minusSeconds(period).plusSeconds(asked);
        long shortened = end.isBefore(now()) && asked != 0 ? 1 : asked;
        Instant notPast = end.isBefore(now()) ? now() : end;
        T marked = Objects.withMetadata(
                object, meta.withFinalizers(finalizers).withDeletionTimestamp(notPast).withDeletionGracePeriodSeconds(shortened));
        return shortened == 0 && finalizers.isEmpty() ? new Plan<>(null, false, marked) : new Plan<>(marked, false, object);
    }

    /// An object with a reason of its own to stay (a namespace with content): marked once, and there until that reason is gone.
    private <T extends Struct> Plan<T> held(Resource<T> resource, T object, ObjectMeta meta, List<String> finalizers) {
        if (meta.hasDeletionTimestamp()) {
            boolean free = !resource.held().test(object) && meta.finalizers().isEmpty();
            return free ? new Plan<>(null, false, object) : new Plan<>(object, false, object);
        }
        ObjectMeta marked = meta.withFinalizers(finalizers).withDeletionTimestamp(now());
        return new Plan<>(resource.markDeleted().apply(Objects.withMetadata(object, marked)), false, object);
    }

    private ObjectMeta deleting(ObjectMeta meta, List<String> finalizers) {
        ObjectMeta marked = meta.withFinalizers(finalizers).withDeletionGracePeriodSeconds(0);
        Instant deleted = meta.deletionTimestamp();
        if (deleted == null && meta.generation() > 0) {
            marked = marked.withGeneration(meta.generation() + 1);
        }
        return deleted == null || deleted.isAfter(now()) ? marked.withDeletionTimestamp(now()) : marked;
    }

    /// The object's finalizers, with those that the propagation policy asks for.
    private static List<String> finalizers(Resource<?> resource, ObjectMeta meta, Policy policy) {
        boolean orphan = false;
        boolean foreground = false;
        if (resource.garbageCollected()) {
            if (policy.orphanDependents() != null) {
                orphan = policy.orphanDependents();
            } else if (!policy.propagation().isEmpty()) {
                orphan = policy.propagation().equals("Orphan");
                foreground = policy.propagation().equals("Foreground");
            } else {
                orphan = meta.finalizers().contains(ORPHAN) || (resource.orphansByDefault() && !meta.finalizers().contains(FOREGROUND));
                foreground = !orphan && meta.finalizers().contains(FOREGROUND);
            }
        }
        List<String> wanted = new ArrayList<>(meta.finalizers());
        wanted.removeIf(one -> one.equals(ORPHAN) || one.equals(FOREGROUND));
        if (orphan) {
            wanted.add(ORPHAN);
        }
        if (foreground) {
            wanted.add(FOREGROUND);
        }
        return new HashSet<>(wanted).equals(new HashSet<>(meta.finalizers())) ? meta.finalizers() : wanted;
    }

    private static void checkPreconditions(Target<?> target, ObjectMeta meta, Policy policy) {
        String group = target.resource().hub().group();
        String kind = target.resource().holds() ? target.plural() : target.kind();
        if (policy.uid() != null && !policy.uid().equals(meta.uid())) {
            throw Refusal.conflict(group, kind, meta.name(), "the UID in the precondition (" + policy.uid() + ") does not match the UID in record ("
                    + meta.uid() + "). The object might have been deleted and then recreated");
        }
        if (policy.resourceVersion() != null && !policy.resourceVersion().equals(meta.resourceVersion())) {
            throw Refusal.conflict(group, kind, meta.name(), "the ResourceVersion in the precondition (" + policy.resourceVersion()
                    + ") does not match the ResourceVersion in record (" + meta.resourceVersion() + "). The object might have been modified");
        }
    }

    private static Status success(Target<?> target, String uid) {
        return Status.EMPTY.withStatus("Success")
                .withDetails(StatusDetails.EMPTY.withName(target.name()).withGroup(target.group()).withKind(target.plural()).withUid(uid));
    }

    private AdmissionRequest admission(Target<?> target, Call call, Stored<?> current, Policy policy) {
        return new AdmissionRequest(
                Operation.DELETE, target.resource(), target.version().resource(), "", target.namespace(), target.name(), null, current.object(),
                policy.options(), call.user(), policy.dryRun(), now(), engine.tables(), call::warn, call::annotate);
    }

    private Instant now() {
        return engine.timeline().now().truncatedTo(ChronoUnit.SECONDS);
    }
}
