package io.j8s.controllers.statefulset;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.controllers.frame.Batches;
import io.j8s.controllers.frame.OwnWrites;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.apps.v1.StatefulSetStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.runtime.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One reconciliation of one set: first every number that should exist, from the lowest; then, from the highest, those that should not; then the next pod to update.
///
/// In order (the default) it stops at the first pod that is not yet as it should be; in parallel it does all at once.
final class SetSync {
    private final Client client;
    private final Timeline time;
    private final EventRecorder events;
    private final VolumeClaims claims;
    private final OwnWrites<ObjectKey> writes;
    private final StatefulSet set;
    private final Version current;
    private final Version update;
    private final Instant now;
    private final List<Pod> pods;
    private @Nullable ApiException error;

    /// @param name of the revision
    record Version(String name, PodTemplateSpec template) {}

    SetSync(Client client, Timeline time, EventRecorder events, VolumeClaims claims, OwnWrites<ObjectKey> writes, StatefulSet set, Version current, Version update, List<Pod> pods) {
        this.client = client;
        this.time = time;
        this.events = events;
        this.claims = claims;
        this.writes = writes;
        this.set = set;
        this.current = current;
        this.update = update;
        this.now = time.now();
        this.pods = pods;
    }

    /// What could not be written; null: nothing.
    @Nullable ApiException error() {
        return error;
    }

    void run() throws InterruptedException {
        if (set.metadata().deletionTimestamp() != null) {
            return;
        }
        TreeMap<Integer, Pod> wanted = new TreeMap<>();
        List<Pod> condemned = new ArrayList<>();
        for (Pod pod : pods) {
            int ordinal = Members.ordinal(set, pod);
            if (Members.inRange(set, ordinal)) {
                wanted.put(ordinal, pod);
            } else {
                condemned.add(pod);
            }
        }
        condemned.sort(Comparator.comparingInt((Pod pod) -> Members.ordinal(set, pod)).reversed());
        List<Integer> ordinals = new ArrayList<>();
        for (int i = 0; i < Members.replicas(set); i++) {
            ordinals.add(Members.start(set) + i);
        }
        if (forAll(ordinals, ordinal -> present(ordinal, wanted.get(ordinal))) || forAll(condemned, pod -> owned(pod)) || forAll(condemned, pod -> dismiss(pod, firstUnavailable(wanted, condemned)))) {
            return;
        }
        if (Members.rolling(set)) {
            updateNext(ordinals, wanted);
        }
    }

    @FunctionalInterface
    private interface Step<T> {
        /// Whether to stop here, when in order.
        boolean stops(T item);
    }

    /// Whether to stop after this.
    private <T> boolean forAll(List<T> items, Step<T> step) throws InterruptedException {
        if (Members.parallel(set)) {
            Batches.Result result = Batches.slowStart(time, "statefulset", items, item -> step.stops(item));
            error = result.error();
            return error != null;
        }
        for (T item : items) {
            try {
                if (step.stops(item)) {
                    return true;
                }
            } catch (ApiException e) {
                error = e;
                return true;
            }
        }
        return false;
    }

    /// Makes sure that a member is there and well.
    private boolean present(int ordinal, @Nullable Pod pod) {
        if (pod == null) {
            if (!claims.stale(set, ordinal)) {
                create(ordinal);
            }
            return true;
        }
        if (Pods.finished(pod)) {
            if (pod.metadata().deletionTimestamp() == null) {
                delete(pod);
            }
            return true;
        }
        if (pod.status().phase().equals("Pending")) {
            claims.create(set, ordinal);
        }
        if (!Members.parallel(set) && !Members.available(set, pod, now)) {
            return true;
        }
        claims.own(set, pod);
        Pod identified = Members.identified(set, pod);
        if (!identified.equals(pod)) {
            writes.wrote(key(), client.update(Pod.RESOURCE, key().namespace(), identified));
        }
        return false;
    }

    private void create(int ordinal) {
        Version version = oldVersion(ordinal) ? current : update;
        Pod pod = Members.make(set, version.template, version.name, ordinal);
        String what = "Create Pod " + pod.metadata().name() + " in StatefulSet " + set.metadata().name();
        claims.create(set, ordinal);
        try {
            Pod created = client.create(Pod.RESOURCE, key().namespace(), pod);
            writes.wrote(key(), created);
            claims.own(set, created);
            events.normal(set, "SuccessfulCreate", what + " successful");
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                events.warning(set, "FailedCreate", what + " failed error: " + e.getMessage());
            }
            throw e;
        }
    }

    /// Whether a new pod of this number is still made from the old template.
    private boolean oldVersion(int ordinal) {
        if (!Members.rolling(set)) {
            return false;
        }
        int from = set.spec().updateStrategy().hasRollingUpdate() ? set.spec().updateStrategy().rollingUpdate().partition() : set.status().currentReplicas();
        return ordinal < Members.start(set) + from;
    }

    private boolean owned(Pod pod) {
        claims.own(set, pod);
        return false;
    }

    private @Nullable Pod firstUnavailable(TreeMap<Integer, Pod> wanted, List<Pod> condemned) {
        for (Pod pod : wanted.values()) {
            if (!Members.available(set, pod, now)) {
                return pod;
            }
        }
        for (Pod pod : condemned.reversed()) {
            if (!Members.available(set, pod, now)) {
                return pod;
            }
        }
        return null;
    }

    private boolean dismiss(Pod pod, @Nullable Pod firstUnavailable) {
        if (pod.metadata().deletionTimestamp() != null) {
            return true;
        }
        boolean first = firstUnavailable != null && firstUnavailable.metadata().uid().equals(pod.metadata().uid());
        if (!Members.parallel(set) && !first && !Members.available(set, pod, now)) {
            return true;
        }
        delete(pod);
        return true;
    }

    /// Deletes the highest pod of the old version, unless a higher one is not yet available again.
    private void updateNext(List<Integer> ordinals, TreeMap<Integer, Pod> wanted) {
        int partition = set.spec().updateStrategy().rollingUpdate().partition();
        for (int ordinal : ordinals.reversed()) {
            Pod pod = wanted.get(ordinal);
            if (pod == null || ordinal - Members.start(set) < partition) {
                return;
            }
            if (!Members.revision(pod).equals(update.name) && pod.metadata().deletionTimestamp() == null) {
                try {
                    delete(pod);
                } catch (ApiException e) {
                    error = e;
                }
                return;
            }
            if (!Members.available(set, pod, now)) {
                return;
            }
        }
    }

    private void delete(Pod pod) {
        String what = "Delete Pod " + pod.metadata().name() + " in StatefulSet " + set.metadata().name();
        writes.willDelete(pod.metadata().uid());
        try {
            client.delete(Pod.RESOURCE, key().namespace(), pod.metadata().name(), DeleteOptions.ofUid(pod.metadata().uid()));
            events.normal(set, "SuccessfulDelete", what + " successful");
        } catch (ApiException e) {
            writes.didNotDelete(pod.metadata().uid());
            if (!e.isNotFound() && !e.isConflict()) {
                events.warning(set, "FailedDelete", what + " failed error: " + e.getMessage());
                throw e;
            }
        }
    }

    private ObjectKey key() {
        return new ObjectKey(set.metadata().namespace(), set.metadata().name());
    }

    /// The status as the pods were at the beginning.
    StatefulSetStatus status() {
        int ready = 0;
        int available = 0;
        int old = 0;
        int updated = 0;
        for (Pod pod : pods) {
            boolean running = pod.status().phase().equals("Running");
            ready += running && Pods.ready(pod) ? 1 : 0;
            available += running && Pods.available(pod, set.spec().minReadySeconds(), now) ? 1 : 0;
            if (pod.metadata().deletionTimestamp() == null) {
                old += Members.revision(pod).equals(current.name) ? 1 : 0;
                updated += Members.revision(pod).equals(update.name) ? 1 : 0;
            }
        }
        StatefulSetStatus status = set.status()
                .withObservedGeneration(set.metadata().generation())
                .withReplicas(pods.size())
                .withReadyReplicas(ready)
                .withAvailableReplicas(available)
                .withCurrentReplicas(old)
                .withUpdatedReplicas(updated)
                .withCurrentRevision(current.name)
                .withUpdateRevision(update.name)
                .withCollisionCount(set.status().collisionCount());
        int replicas = Members.replicas(set);
        boolean complete = Members.rolling(set) && updated == replicas && ready == replicas && pods.size() == replicas;
        return complete ? status.withCurrentReplicas(updated).withCurrentRevision(update.name) : status;
    }
}
