package io.j8s.controllers.statefulset;

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
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.frame.OwnWrites;
import io.j8s.controllers.history.Revisions;
import io.j8s.controllers.pods.PodControl;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.apps.v1.ControllerRevision;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.apps.v1.StatefulSetStatus;
import io.j8s.model.core.v1.PersistentVolumeClaim;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.selector.Selector;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Watches stateful sets, pods, claims and the revisions of templates ([SetSync] does the work).
public final class StatefulSetController implements Controller {
    private static final Duration UNSEEN_RECHECK = Duration.ofSeconds(1);

    private final Context context;
    private final Informer<StatefulSet> sets;
    private final Informer<PersistentVolumeClaim> volumeClaims;
    private final Index<Pod> podsByController;
    private final Revisions<StatefulSet> revisions;
    private final OwnWrites<ObjectKey> writes;
    private final Claims<StatefulSet, Pod> claims;
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;

    public StatefulSetController(Context context, int workers) {
        this.context = context;
        this.sets = context.informers().of(StatefulSet.RESOURCE);
        this.volumeClaims = context.informers().of(PersistentVolumeClaim.RESOURCE);
        Informer<Pod> pods = context.informers().of(Pod.RESOURCE);
        this.podsByController = Pods.byController(pods);
        this.revisions = new Revisions<>(
                context.client(), StatefulSet.RESOURCE, context.informers().of(ControllerRevision.RESOURCE), set -> ((StatefulSet) set).spec().template(), "controller.kubernetes.io/hash");
        this.writes = OwnWrites.to(pods);
        this.claims = new Claims<>(context.client(), StatefulSet.RESOURCE, Pod.RESOURCE);
        this.queue = context.queue("statefulset");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.events = context.recorder("statefulset-controller");
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

    private static ObjectKey key(StatefulSet set) {
        return new ObjectKey(set.metadata().namespace(), set.metadata().name());
    }

    private Outcome reconcile(ObjectKey key) throws InterruptedException {
        StatefulSet set = sets.lister().get(key);
        if (set == null) {
            writes.forget(key);
            return Outcome.DONE;
        }
        if (!writes.seen(key)) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        Selector selector = Selector.of(set.spec().selector());
        List<Pod> pods = claims.claim(
                set, selector, Pods.ownedOrOrphaned(podsByController, key.namespace(), set.metadata().uid()), pod -> Members.ordinal(set, pod) >= 0);
        if (pods.stream().anyMatch(pod -> writes.deleting(pod.metadata().uid()))) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        List<ControllerRevision> all = revisions.of(set, selector);
        ControllerRevision update;
        try {
            update = revisions.current(set, all, set.status().collisionCount());
        } catch (Revisions.CollisionException e) {
            context.client().updateStatus(StatefulSet.RESOURCE, key.namespace(), set.withStatus(s -> s.withCollisionCount(s.collisionCount() + 1)));
            return Outcome.failed(e);
        }
        ControllerRevision current = all.stream().filter(r -> r.metadata().name().equals(set.status().currentRevision())).findFirst().orElse(update);
        PodTemplateSpec old = revisions.templateOf(current);
        SetSync.Version updated = new SetSync.Version(update.metadata().name(), set.spec().template());
        SetSync.Version kept = old == null ? updated : new SetSync.Version(current.metadata().name(), old);
        VolumeClaims storage = new VolumeClaims(context.client(), volumeClaims.lister(), events);
        SetSync sync = new SetSync(context.client(), context.time(), events, storage, writes, set, kept, updated, pods);
        sync.run();
        StatefulSetStatus status = sync.status();
        if (!status.equals(set.status())) {
            context.client().updateStatus(StatefulSet.RESOURCE, key.namespace(), set.withStatus(status));
        }
        trim(set, all, pods, List.of(current.metadata().name(), update.metadata().name()));
        if (sync.error() != null) {
            return PodControl.namespaceTerminating(sync.error()) ? Outcome.DONE : Outcome.failed(sync.error());
        }
        Duration next = Pods.untilNextAvailable(pods, set.spec().minReadySeconds(), context.time().now());
        return next == null ? Outcome.DONE : Outcome.retryAfter(next);
    }

    private void trim(StatefulSet set, List<ControllerRevision> all, List<Pod> pods, List<String> inUse) {
        Set<String> live = new HashSet<>(inUse);
        pods.forEach(pod -> live.add(Members.revision(pod)));
        List<ControllerRevision> unused = all.stream().filter(r -> !live.contains(r.metadata().name())).toList();
        revisions.trim(unused, set.spec().hasRevisionHistoryLimit() ? set.spec().revisionHistoryLimit() : 10);
    }

    private final class PodEvents implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            OwnerReference owner = Ownership.controllerOf(pod);
            if (owner != null) {
                concern(pod, owner);
                return;
            }
            for (StatefulSet set : sets.lister().list(pod.metadata().namespace())) {
                if (Selector.of(set.spec().selector()).matches(pod.metadata().labels())) {
                    queue.add(key(set));
                }
            }
        }

        @Override
        public void changed(Pod before, Pod after) {
            OwnerReference was = Ownership.controllerOf(before);
            if (was != null && !Objects.equals(was, Ownership.controllerOf(after))) {
                concern(before, was);
            }
            added(after);
        }

        @Override
        public void deleted(Pod last) {
            OwnerReference owner = Ownership.controllerOf(last);
            if (owner != null) {
                concern(last, owner);
            }
        }

        private void concern(Pod pod, OwnerReference owner) {
            if (Ownership.controlledByKind(owner, StatefulSet.RESOURCE)) {
                queue.add(new ObjectKey(pod.metadata().namespace(), owner.name()));
            }
        }
    }
}
