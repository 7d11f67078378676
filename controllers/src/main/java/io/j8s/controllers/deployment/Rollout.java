package io.j8s.controllers.deployment;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.loop.Ownership;
import io.j8s.controllers.pods.PodControl;
import io.j8s.controllers.pods.TemplateHash;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.DeploymentStatus;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.ReplicaSetSpec;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.ObjectMeta;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One reconciliation of one deployment: it scales at most in one direction, as each step has to be seen to work before the next, and leaves the deployment's new state in [#deployment].
final class Rollout {
    private static final int LONGEST_NAME = 253;

    private final Client client;
    private final EventRecorder events;
    private final Consumer<ReplicaSet> wrote;
    private final Progress progress;
    private final DeploymentStatus before;
    private Deployment deployment;
    private @Nullable ReplicaSet newest;
    private List<ReplicaSet> old;

    /// @param wrote told of every set that was made or changed
    Rollout(Client client, EventRecorder events, Consumer<ReplicaSet> wrote, Instant now, Deployment deployment, List<ReplicaSet> sets) {
        this.client = client;
        this.events = events;
        this.wrote = wrote;
        this.progress = new Progress(now);
        this.before = deployment.status();
        this.deployment = deployment;
        this.newest = Revisions.newest(deployment, sets);
        String newestUid = newest == null ? "" : newest.metadata().uid();
        this.old = new ArrayList<>(sets.stream().filter(set -> !set.metadata().uid().equals(newestUid)).toList());
    }

    /// As it should be written: with its new status and annotations.
    Deployment deployment() {
        return deployment;
    }

    /// @param oldPodsRun whether pods of sets other than the newest still run (for the strategy Recreate)
    void run(BooleanSupplier oldPodsRun) {
        if (deployment.metadata().deletionTimestamp() != null) {
            deployment = deployment.withStatus(progress.counted(deployment, newest, all()));
            return;
        }
        deployment = progress.paused(deployment);
        syncNewest(false);
        if (deployment.spec().paused() || resized()) {
            scale();
            if (deployment.spec().paused()) {
                cleanUp();
            }
            deployment = deployment.withStatus(progress.counted(deployment, newest, all()));
            return;
        }
        if (Sizes.rolling(deployment)) {
            roll();
        } else {
            recreate(oldPodsRun);
        }
        deployment = deployment.withStatus(progress.rolledOut(deployment, before, newest, all()));
    }

    private List<ReplicaSet> all() {
        List<ReplicaSet> all = new ArrayList<>(old);
        if (newest != null) {
            all.add(newest);
        }
        return all;
    }

    private boolean resized() {
        int replicas = Sizes.replicas(deployment);
        for (ReplicaSet set : Sizes.active(all())) {
            Integer desired = Sizes.number(set, Sizes.DESIRED);
            if (desired != null && desired != replicas) {
                return true;
            }
        }
        return false;
    }

    /// Brings the newest set's annotations up to date, or makes it.
    private void syncNewest(boolean create) {
        long revision = Revisions.highest(old) + 1;
        if (newest != null) {
            int minReady = deployment.spec().minReadySeconds();
            ReplicaSet wanted = Revisions.annotated(newest, deployment, revision);
            wanted = wanted.spec().minReadySeconds() == minReady ? wanted : wanted.withSpec(s -> s.withMinReadySeconds(minReady));
            newest = write(newest, wanted);
            annotateRevision(newest.metadata().annotations().getOrDefault(Revisions.REVISION, Long.toString(revision)));
            if (Progress.hasDeadline(deployment) && Progress.condition(deployment.status(), Progress.PROGRESSING) == null) {
                deployment = progress.progressing(deployment, "True", "FoundNewReplicaSet", "Found new replica set \"" + newest.metadata().name() + "\"");
            }
        } else if (create) {
            ReplicaSet wanted = Revisions.annotated(describeNewest(), deployment, revision);
            newest = create(Sizes.of(deployment).annotated(wanted));
            annotateRevision(Long.toString(revision));
        }
    }

    private void annotateRevision(String revision) {
        Map<String, String> annotations = new LinkedHashMap<>(deployment.metadata().annotations());
        if (!revision.equals(annotations.put(Revisions.REVISION, revision))) {
            deployment = deployment.withMetadata(m -> m.withAnnotations(annotations));
        }
    }

    private ReplicaSet describeNewest() {
        PodTemplateSpec template = deployment.spec().template();
        String hash = TemplateHash.of(template, deployment.status().collisionCount());
        Map<String, String> labels = new LinkedHashMap<>(template.metadata().labels());
        labels.put(Revisions.HASH_LABEL, hash);
        Map<String, String> selected = new LinkedHashMap<>(deployment.spec().selector().matchLabels());
        selected.put(Revisions.HASH_LABEL, hash);
        ObjectMeta owner = deployment.metadata();
        String name = owner.name().substring(0, Math.min(owner.name().length(), LONGEST_NAME - 1 - hash.length())) + "-" + hash;
        int replicas = Sizes.of(deployment).forNewest(0, old, Sizes.rolling(deployment));
        ReplicaSetSpec spec = ReplicaSetSpec.EMPTY
                .withReplicas(replicas)
                .withMinReadySeconds(deployment.spec().minReadySeconds())
                .withSelector(deployment.spec().selector().withMatchLabels(selected))
                .withTemplate(template.withMetadata(m -> m.withLabels(labels)));
        ObjectMeta meta = ObjectMeta.EMPTY.withName(name).withNamespace(owner.namespace()).withLabels(labels).withOwnerReferences(List.of(Ownership.controllerReference(Deployment.RESOURCE, owner)));
        return ReplicaSet.EMPTY.withMetadata(meta).withSpec(spec);
    }

    private ReplicaSet create(ReplicaSet wanted) {
        String name = wanted.metadata().name();
        try {
            ReplicaSet created = client.create(ReplicaSet.RESOURCE, wanted.metadata().namespace(), wanted);
            wrote.accept(created);
            if (Sizes.replicas(created) > 0) {
                events.normal(deployment, "ScalingReplicaSet", "Scaled up replica set " + name + " from 0 to " + Sizes.replicas(created));
            }
            if (Progress.hasDeadline(deployment)) {
                deployment = progress.progressing(deployment, "True", "NewReplicaSetCreated", "Created new replica set \"" + name + "\"");
            }
            return created;
        } catch (ApiException e) {
            if (e.alreadyExists()) {
                return taken(wanted, e);
            }
            if (!PodControl.namespaceTerminating(e)) {
                String message = "Failed to create new replica set \"" + name + "\": " + e.getMessage();
                events.warning(deployment, "ReplicaSetCreateError", message);
                if (Progress.hasDeadline(deployment)) {
                    client.updateStatus(Deployment.RESOURCE, deployment.metadata().namespace(), progress.progressing(deployment, "False", "ReplicaSetCreateError", message));
                }
            }
            throw e;
        }
    }

    /// The name is taken: by our own set, which the cache did not show; or by another template with the same hash, and then the next try uses another name.
    private ReplicaSet taken(ReplicaSet wanted, ApiException refusal) {
        ReplicaSet existing = client.get(ReplicaSet.RESOURCE, wanted.metadata().namespace(), wanted.metadata().name());
        if (Ownership.controlledBy(existing, deployment.metadata().uid()) && Revisions.withoutHash(existing.spec().template()).equals(Revisions.withoutHash(deployment.spec().template()))) {
            return existing;
        }
        client.updateStatus(Deployment.RESOURCE, deployment.metadata().namespace(), deployment.withStatus(s -> s.withCollisionCount(s.collisionCount() + 1)));
        throw refusal;
    }

    private ReplicaSet write(ReplicaSet was, ReplicaSet wanted) {
        if (wanted.equals(was)) {
            return was;
        }
        ReplicaSet written = client.update(ReplicaSet.RESOURCE, was.metadata().namespace(), wanted);
        wrote.accept(written);
        return written;
    }

    /// Sets a set's size; answers whether that changed it.
    private boolean resize(ReplicaSet set, int replicas, boolean annotateAnyway) {
        int was = Sizes.replicas(set);
        if (was == replicas && !annotateAnyway) {
            return false;
        }
        ReplicaSet written = write(set, Sizes.of(deployment).annotated(set).withSpec(s -> s.withReplicas(replicas)));
        if (newest != null && newest.metadata().uid().equals(set.metadata().uid())) {
            newest = written;
        } else {
            old.replaceAll(other -> other.metadata().uid().equals(set.metadata().uid()) ? written : other);
        }
        if (was == replicas) {
            return false;
        }
        events.normal(deployment, "ScalingReplicaSet", "Scaled " + (was < replicas ? "up" : "down") + " replica set " + set.metadata().name() + " from " + was + " to " + replicas);
        return true;
    }

    /// Follows a change of the deployment's size without changing which set gets the pods.
    private void scale() {
        Sizes sizes = Sizes.of(deployment);
        List<ReplicaSet> active = Sizes.active(all());
        if (active.size() <= 1) {
            ReplicaSet only = active.isEmpty() ? latest() : active.getFirst();
            if (only != null) {
                resize(only, sizes.replicas(), false);
            }
        } else if (saturated(sizes)) {
            for (ReplicaSet set : Sizes.active(old)) {
                resize(set, 0, false);
            }
        } else if (Sizes.rolling(deployment)) {
            sizes.proportional(active, deployment.status().replicas()).forEach((set, replicas) -> resize(set, replicas, true));
        }
    }

    private @Nullable ReplicaSet latest() {
        return newest != null ? newest : old.stream().max(Revisions.OLDEST_FIRST).orElse(null);
    }

    private boolean saturated(Sizes sizes) {
        if (newest == null) {
            return false;
        }
        Integer desired = Sizes.number(newest, Sizes.DESIRED);
        return Sizes.replicas(newest) == sizes.replicas() && desired != null && desired == sizes.replicas() && newest.status().availableReplicas() == sizes.replicas();
    }

    private void roll() {
        syncNewest(true);
        Sizes sizes = Sizes.of(deployment);
        ReplicaSet set = java.util.Objects.requireNonNull(newest);
        int size = Sizes.replicas(set);
        int wanted = size >= sizes.replicas() ? sizes.replicas() : sizes.forNewest(size, all(), true);
        if (resize(set, wanted, false) || shrinkOld(sizes)) {
            return;
        }
        if (Progress.complete(deployment, deployment.status())) {
            cleanUp();
        }
    }

    /// Takes pods from the old sets as far as enough stay available: first those that serve nobody, then the rest, oldest set first.
    private boolean shrinkOld(Sizes sizes) {
        ReplicaSet set = java.util.Objects.requireNonNull(newest);
        int newUnavailable = Sizes.replicas(set) - set.status().availableReplicas();
        int removable = Sizes.sum(all()) - sizes.minimumAvailable() - newUnavailable;
        if (Sizes.sum(old) == 0 || removable <= 0) {
            return false;
        }
        boolean changed = false;
        int left = removable;
        for (ReplicaSet each : Sizes.active(old).stream().sorted(Revisions.OLDEST_FIRST).toList()) {
            int unhealthy = Math.min(left, Sizes.replicas(each) - each.status().availableReplicas());
            if (unhealthy > 0) {
                changed |= resize(each, Sizes.replicas(each) - unhealthy, false);
                left -= unhealthy;
            }
        }
        int spare = all().stream().mapToInt(s -> s.status().availableReplicas()).sum() - sizes.minimumAvailable();
        for (ReplicaSet each : Sizes.active(old).stream().sorted(Revisions.OLDEST_FIRST).toList()) {
            int taken = Math.min(spare, Sizes.replicas(each));
            if (taken > 0) {
                changed |= resize(each, Sizes.replicas(each) - taken, false);
                spare -= taken;
            }
        }
        return changed;
    }

    private void recreate(BooleanSupplier oldPodsRun) {
        boolean scaled = false;
        for (ReplicaSet set : Sizes.active(old)) {
            scaled |= resize(set, 0, false);
        }
        if (scaled || old.stream().anyMatch(set -> set.status().replicas() > 0) || oldPodsRun.getAsBoolean()) {
            return;
        }
        if (newest == null) {
            syncNewest(true);
        }
        resize(java.util.Objects.requireNonNull(newest), Sizes.replicas(deployment), false);
        if (Progress.complete(deployment, deployment.status())) {
            cleanUp();
        }
    }

    private void cleanUp() {
        for (ReplicaSet set : Revisions.beyondHistory(deployment, old)) {
            try {
                client.delete(ReplicaSet.RESOURCE, set.metadata().namespace(), set.metadata().name(), DeleteOptions.ofUid(set.metadata().uid()));
            } catch (ApiException e) {
                if (!e.isNotFound() && !e.isConflict()) {
                    throw e;
                }
            }
        }
    }
}
