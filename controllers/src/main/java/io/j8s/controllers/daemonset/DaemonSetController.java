package io.j8s.controllers.daemonset;

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
import io.j8s.controllers.history.Revisions;
import io.j8s.controllers.pods.PodControl;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.apps.v1.ControllerRevision;
import io.j8s.model.apps.v1.DaemonSet;
import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.selector.Selector;
import io.j8s.runtime.metrics.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Watches daemon sets, pods, nodes and the revisions of templates ([DaemonPlan] decides).
public final class DaemonSetController implements Controller {
    private static final int MOST_AT_ONCE = 250;
    private static final Duration UNSEEN_RECHECK = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    private final Context context;
    private final Counter staleSkips;
    private final Informer<DaemonSet> sets;
    private final Informer<Node> nodes;
    private final Index<Pod> podsByController;
    private final Revisions<DaemonSet> revisions;
    private final OwnWrites<ObjectKey> writes;
    private final Claims<DaemonSet, Pod> claims;
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;
    private final PodControl control;

    /// How often a daemon's pod has failed on a node, and when last.
    private record Failure(int count, long last) {}

    public DaemonSetController(Context context, int workers) {
        this.context = context;
        this.staleSkips = context.registry().counter("daemonset_controller_stale_sync_skips_total", "[ALPHA] Total number of DaemonSet syncs skipped due to a stale watch cache.", "group", "resource");
        this.sets = context.informers().of(DaemonSet.RESOURCE);
        this.nodes = context.informers().of(Node.RESOURCE);
        Informer<Pod> pods = context.informers().of(Pod.RESOURCE);
        this.podsByController = Pods.byController(pods);
        this.revisions = new Revisions<>(
                context.client(), DaemonSet.RESOURCE, context.informers().of(ControllerRevision.RESOURCE), set -> ((DaemonSet) set).spec().template(), Revisions.POD_LABEL);
        this.writes = OwnWrites.to(pods);
        this.claims = new Claims<>(context.client(), DaemonSet.RESOURCE, Pod.RESOURCE);
        this.queue = context.queue("daemonset");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.events = context.recorder("daemonset-controller");
        this.control = new PodControl(context.client(), events);
        sets.addHandler(Handler.each(set -> queue.add(key(set))));
        pods.addHandler(new PodEvents());
        nodes.addHandler(new NodeEvents());
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

    private static ObjectKey key(DaemonSet set) {
        return new ObjectKey(set.metadata().namespace(), set.metadata().name());
    }

    private Outcome reconcile(ObjectKey key) throws InterruptedException {
        DaemonSet set = sets.lister().get(key);
        if (set == null) {
            writes.forget(key);
            return Outcome.DONE;
        }
        Selector selector = Selector.of(set.spec().selector());
        if (selector.selectsEverything()) {
            events.warning(set, "SelectingAll", "This daemon set is selecting all pods. A non-empty selector is required.");
            return Outcome.DONE;
        }
        if (set.metadata().deletionTimestamp() != null) {
            return Outcome.DONE;
        }
        if (!writes.seen(key)) {
            staleSkips.increment("", "pods");
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        return reconcile(key, set, selector);
    }

    private Outcome reconcile(ObjectKey key, DaemonSet set, Selector selector) throws InterruptedException {
        List<ControllerRevision> all = revisions.of(set, selector);
        ControllerRevision current;
        try {
            current = revisions.current(set, all, set.status().collisionCount());
        } catch (Revisions.CollisionException e) {
            context.client().updateStatus(DaemonSet.RESOURCE, key.namespace(), set.withStatus(s -> s.withCollisionCount(s.collisionCount() + 1)));
            return Outcome.failed(e);
        }
        String hash = revisions.hash(current);
        List<Pod> pods = claims.claim(set, selector, Pods.ownedOrOrphaned(podsByController, key.namespace(), set.metadata().uid()));
        List<Pod> known = pods.stream().filter(pod -> !writes.deleting(pod.metadata().uid())).toList();
        if (known.size() != pods.size()) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        Instant now = context.time().now();
        DaemonPlan plan = new DaemonPlan(set, hash, now, nodes.lister().list(), known);
        plan.manage();
        Duration pause = removeEnded(set, plan.ended());
        ApiException error = write(key, set, hash, plan);
        if (error == null && plan.create().isEmpty() && plan.delete().isEmpty()) {
            plan.roll();
            error = write(key, set, hash, plan);
        }
        trim(set, all, current, known);
        DaemonSet counted = plan.counted();
        if (!counted.equals(set)) {
            context.client().updateStatus(DaemonSet.RESOURCE, key.namespace(), counted);
        }
        if (error != null) {
            return Outcome.failed(error);
        }
        Duration next = shorter(pause, Pods.untilNextAvailable(known, set.spec().minReadySeconds(), now));
        return next == null ? Outcome.DONE : Outcome.retryAfter(next);
    }

    private static @Nullable Duration shorter(@Nullable Duration a, @Nullable Duration b) {
        return a == null ? b : b == null || a.compareTo(b) < 0 ? a : b;
    }

    /// Deletes pods that have ended, those that failed with growing pauses; answers the shortest pause to wait out.
    private @Nullable Duration removeEnded(DaemonSet set, List<Pod> ended) {
        Duration shortest = null;
        for (Pod pod : ended) {
            String name = pod.metadata().namespace() + "/" + pod.metadata().name() + " on node " + pod.spec().nodeName();
            if (pod.status().phase().equals("Succeeded")) {
                events.normal(set, "SucceededDaemonPod", "Found succeeded daemon pod " + name + ", will try to delete it");
            } else {
                Duration pause = pause(set, pod);
                if (pause.isPositive()) {
                    shortest = shorter(shortest, pause);
                    continue;
                }
                events.warning(set, "FailedDaemonPod", "Found failed daemon pod " + name + ", will try to kill it");
            }
            delete(set, pod);
        }
        return shortest;
    }

    private Duration pause(DaemonSet set, Pod pod) {
        String key = set.metadata().uid() + "/" + set.status().observedGeneration() + "/" + DaemonPods.target(pod);
        long now = context.time().nanoTime();
        Failure before = failures.get(key);
        if (before != null && now - before.last > LONGEST_PAUSE.multipliedBy(2).toNanos()) {
            before = null;
        }
        Duration span = before == null ? Duration.ZERO : FIRST_PAUSE.multipliedBy(1L << Math.min(before.count - 1, 10));
        span = span.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : span;
        Duration left = before == null ? Duration.ZERO : span.minusNanos(now - before.last);
        if (!left.isPositive()) {
            failures.put(key, new Failure(before == null ? 1 : before.count + 1, now));
        }
        return left;
    }

    private @Nullable ApiException write(ObjectKey key, DaemonSet set, String hash, DaemonPlan plan) throws InterruptedException {
        List<String> missing = plan.create().subList(0, Math.min(plan.create().size(), MOST_AT_ONCE));
        Batches.Result created = Batches.slowStart(
                context.time(), "daemonset-create", missing, node -> writes.wrote(key, control.create(set, key.namespace(), DaemonPods.make(set, hash, node))));
        List<Pod> surplus = plan.delete().subList(0, Math.min(plan.delete().size(), MOST_AT_ONCE));
        Batches.Result deleted = Batches.each(context.time(), "daemonset-delete", surplus, pod -> delete(set, pod));
        ApiException error = created.error();
        return error != null && !PodControl.namespaceTerminating(error) ? error : deleted.error();
    }

    private void delete(DaemonSet set, Pod pod) {
        writes.willDelete(pod.metadata().uid());
        try {
            control.delete(set, pod);
        } catch (ApiException e) {
            writes.didNotDelete(pod.metadata().uid());
            throw e;
        }
    }

    private void trim(DaemonSet set, List<ControllerRevision> all, ControllerRevision current, List<Pod> pods) {
        Set<String> live = new HashSet<>();
        pods.forEach(pod -> live.add(pod.metadata().labels().getOrDefault(Revisions.POD_LABEL, "")));
        List<ControllerRevision> old = all.stream().filter(r -> !r.metadata().name().equals(current.metadata().name())).toList();
        int keep = set.spec().hasRevisionHistoryLimit() ? set.spec().revisionHistoryLimit() : 10;
        int surplus = old.size() - keep;
        List<ControllerRevision> unused = old.stream().filter(r -> !live.contains(revisions.hash(r))).toList();
        revisions.trim(unused, Math.max(0, unused.size() - Math.max(0, surplus)));
    }

    private final class PodEvents implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            OwnerReference owner = Ownership.controllerOf(pod);
            if (owner != null) {
                concern(pod, owner);
                return;
            }
            for (DaemonSet set : sets.lister().list(pod.metadata().namespace())) {
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
            if (Ownership.controlledByKind(owner, DaemonSet.RESOURCE)) {
                queue.add(new ObjectKey(pod.metadata().namespace(), owner.name()));
            }
        }
    }

    private final class NodeEvents implements Handler<Node> {
        @Override
        public void added(Node node) {
            sets.lister().list().forEach(set -> {
                if (DaemonPods.fit(set, node).run()) {
                    queue.add(key(set));
                }
            });
        }

        @Override
        public void changed(Node before, Node after) {
            if (before.metadata().labels().equals(after.metadata().labels()) && before.spec().taints().equals(after.spec().taints())) {
                return;
            }
            sets.lister().list().forEach(set -> {
                if (!DaemonPods.fit(set, before).equals(DaemonPods.fit(set, after))) {
                    queue.add(key(set));
                }
            });
        }

        @Override
        public void deleted(Node last) {
            added(last);
        }
    }
}
