package io.j8s.controllers.replicaset;

import io.j8s.client.ApiException;
import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.Claims;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.loop.Ownership;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Batches;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.frame.OwnWrites;
import io.j8s.controllers.pods.DeletionOrder;
import io.j8s.controllers.pods.PodControl;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.Struct;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.selector.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/// Watches replicated objects (ReplicaSets or ReplicationControllers) and pods; creates pods from the template or deletes the least useful ones until their number is right, and reports
/// the counts in the status.
public final class ReplicaSetController<T extends Struct> implements Controller {
    private static final Duration LONGEST_REST = Duration.ofMillis(200);
    private static final int MOST_AT_ONCE = 500;
    private static final Duration UNSEEN_RECHECK = Duration.ofSeconds(1);

    private final Context context;
    private final ReplicatedKind<T> kind;
    private final Informer<T> sets;
    private final Informer<Pod> pods;
    private final Index<Pod> podsByController;
    private final Index<T> setsByController;
    private final OwnWrites<ObjectKey> writes;
    private final Claims<T, Pod> claims;
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;
    private final PodControl podControl;

    public static Controller ofReplicaSets(Context context, int workers) {
        return new ReplicaSetController<>(context, new ReplicaSets(), workers);
    }

    public static Controller ofReplicationControllers(Context context, int workers) {
        return new ReplicaSetController<>(context, new ReplicationControllers(), workers);
    }

    ReplicaSetController(Context context, ReplicatedKind<T> kind, int workers) {
        this.context = context;
        this.kind = kind;
        this.sets = context.informers().of(kind.resource());
        this.pods = context.informers().of(Pod.RESOURCE);
        this.podsByController = Pods.byController(pods);
        this.setsByController = sets.index("controller", this::controllerUid);
        this.writes = OwnWrites.to(pods);
        this.claims = new Claims<>(context.client(), kind.resource(), Pod.RESOURCE);
        this.queue = context.queue(kind.queue());
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile).resting(20, LONGEST_REST);
        this.events = context.recorder(kind.component());
        this.podControl = new PodControl(context.client(), events);
        sets.addHandler(Handler.each(set -> queue.add(key(set))));
        pods.addHandler(new PodEvents());
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
        events.close();
    }

    Outcome reconcile(ObjectKey key) throws InterruptedException {
        T set = sets.lister().get(key);
        if (set == null) {
            writes.forget(key);
            return Outcome.DONE;
        }
        if (!writes.seen(key)) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        ObjectMeta meta = kind.metadata(set);
        Selector selector = kind.selector(set);
        List<Pod> all = Pods.ownedOrOrphaned(podsByController, key.namespace(), meta.uid());
        List<Pod> active = claims.claim(set, selector, all.stream().filter(Pods::active).filter(pod -> !writes.deleting(pod.metadata().uid())).toList());
        Failure failure = meta.deletionTimestamp() == null ? manage(key, set, active) : Failure.NONE;
        Instant now = context.time().now();
        int terminating = (int) all.stream().filter(Pods::terminating).filter(pod -> Ownership.controlledBy(pod, meta.uid()) && selector.matches(pod.metadata().labels())).count();
        ReplicaCounts counts = ReplicaCounts.of(active, terminating, kind.template(set).metadata().labels(), kind.minReadySeconds(set), now);
        T updated = kind.withStatus(set, counts, failure, now);
        if (!updated.equals(set)) {
            context.client().updateStatus(kind.resource(), key.namespace(), updated);
        }
        if (failure.cause() != null) {
            return Outcome.failed(failure.cause());
        }
        Duration next = Pods.untilNextAvailable(active, kind.minReadySeconds(set), now);
        return next == null ? Outcome.DONE : Outcome.retryAfter(next);
    }

    private Failure manage(ObjectKey key, T set, List<Pod> active) throws InterruptedException {
        int missing = kind.replicas(set) - active.size();
        if (missing > 0) {
            return create(key, set, missing);
        }
        return missing < 0 ? delete(set, active, Math.min(-missing, MOST_AT_ONCE)) : Failure.NONE;
    }

    private Failure create(ObjectKey key, T set, int count) throws InterruptedException {
        OwnerReference owner = Ownership.controllerReference(kind.resource(), kind.metadata(set));
        Pod pod = PodControl.fromTemplate(kind.template(set), owner).withMetadata(m -> m.withGenerateName(key.name() + "-"));
        Batches.Result result = Batches.slowStart(context.time(), kind.controller() + "-create", Collections.nCopies(count, pod), each -> writes.wrote(key, podControl.create(set, key.namespace(), each)), () -> unchanged(key, set));
        ApiException error = result.error();
        return error == null || PodControl.namespaceTerminating(error) ? Failure.NONE : Failure.of("FailedCreate", "", error);
    }

    /// Whether what is wanted is still the same while many pods are being created.
    private boolean unchanged(ObjectKey key, T set) {
        T now = sets.lister().get(key);
        return now != null && kind.metadata(now).generation() == kind.metadata(set).generation() && kind.metadata(now).deletionTimestamp() == null;
    }

    private Failure delete(T set, List<Pod> active, int count) throws InterruptedException {
        List<Pod> chosen = new ArrayList<>(active);
        if (count < active.size()) {
            chosen.sort(new DeletionOrder(related(set), context.time().now()));
        }
        Batches.Result result = Batches.each(context.time(), kind.controller() + "-delete", chosen.subList(0, count), pod -> {
            writes.willDelete(pod.metadata().uid());
            try {
                podControl.delete(set, pod);
            } catch (ApiException e) {
                writes.didNotDelete(pod.metadata().uid());
                throw e;
            }
        });
        ApiException error = result.error();
        return error == null ? Failure.NONE : Failure.of("FailedDelete", "unable to delete pods: ", error);
    }

    /// The pods that belong to the sets of the same owner, as those of one deployment.
    private List<Pod> related(T set) {
        List<Pod> related = new ArrayList<>();
        OwnerReference owner = Ownership.controllerOf(set);
        List<T> siblings = owner == null ? List.of(set) : setsByController.get(owner.uid());
        for (T sibling : siblings) {
            related.addAll(podsByController.get(kind.metadata(sibling).uid()));
        }
        return related;
    }

    private Collection<String> controllerUid(T set) {
        OwnerReference owner = Ownership.controllerOf(set);
        return owner == null ? List.of() : List.of(owner.uid());
    }

    private ObjectKey key(T set) {
        return new ObjectKey(kind.metadata(set).namespace(), kind.metadata(set).name());
    }

    /// Brings back the sets that a pod's change concerns: its controller, or, for an orphan, all that might adopt it.
    private final class PodEvents implements Handler<Pod> {

        @Override
        public void added(Pod pod) {
            concern(pod);
        }

        @Override
        public void changed(Pod before, Pod after) {
            OwnerReference was = Ownership.controllerOf(before);
            OwnerReference is = Ownership.controllerOf(after);
            boolean moved = !java.util.Objects.equals(was, is);
            if (moved && was != null) {
                controller(before.metadata().namespace(), was);
            }
            if (is != null) {
                controller(after.metadata().namespace(), is);
            } else if (moved || !before.metadata().labels().equals(after.metadata().labels())) {
                concern(after);
            }
        }

        @Override
        public void deleted(Pod last) {
            OwnerReference owner = Ownership.controllerOf(last);
            if (owner != null) {
                controller(last.metadata().namespace(), owner);
            }
        }

        private void concern(Pod pod) {
            OwnerReference owner = Ownership.controllerOf(pod);
            if (owner != null) {
                controller(pod.metadata().namespace(), owner);
                return;
            }
            for (T set : sets.lister().list(pod.metadata().namespace())) {
                if (kind.selector(set).matches(pod.metadata().labels())) {
                    queue.add(key(set));
                }
            }
        }

        private void controller(String namespace, OwnerReference owner) {
            if (Ownership.controlledByKind(owner, kind.resource())) {
                queue.add(new ObjectKey(namespace, owner.name()));
            }
        }
    }
}
