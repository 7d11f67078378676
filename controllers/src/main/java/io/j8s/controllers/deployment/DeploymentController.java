package io.j8s.controllers.deployment;

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
import io.j8s.controllers.pods.Pods;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.selector.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/// Watches deployments, their replica sets and the ends of pods; makes and scales replica sets until the newest template has all replicas ([Rollout]).
public final class DeploymentController implements Controller {
    private static final Duration LONGEST_REST = Duration.ofMillis(100);
    private static final Duration UNSEEN_RECHECK = Duration.ofSeconds(1);

    private final Context context;
    private final Informer<Deployment> deployments;
    private final Informer<ReplicaSet> sets;
    private final Index<ReplicaSet> setsByController;
    private final Index<Pod> podsByController;
    private final OwnWrites<ObjectKey> writes;
    private final Claims<Deployment, ReplicaSet> claims;
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;

    public DeploymentController(Context context, int workers) {
        this.context = context;
        this.deployments = context.informers().of(Deployment.RESOURCE);
        this.sets = context.informers().of(ReplicaSet.RESOURCE);
        this.setsByController = sets.index("controllerOrOrphan", DeploymentController::controllerKey);
        Informer<Pod> pods = context.informers().of(Pod.RESOURCE);
        this.podsByController = Pods.byController(pods);
        this.writes = OwnWrites.to(sets);
        this.claims = new Claims<>(context.client(), Deployment.RESOURCE, ReplicaSet.RESOURCE);
        this.queue = context.queue("deployment");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile).resting(10, LONGEST_REST);
        this.events = context.recorder("deployment-controller");
        deployments.addHandler(Handler.each(d -> queue.add(new ObjectKey(d.metadata().namespace(), d.metadata().name()))));
        sets.addHandler(new SetEvents());
        pods.addHandler(new PodEnds());
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

    private Outcome reconcile(ObjectKey key) {
        Deployment deployment = deployments.lister().get(key);
        if (deployment == null) {
            writes.forget(key);
            return Outcome.DONE;
        }
        if (!writes.seen(key)) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        Selector selector = Selector.of(deployment.spec().selector());
        if (selector.selectsEverything()) {
            return refuse(deployment);
        }
        List<ReplicaSet> candidates = new java.util.ArrayList<>(setsByController.get(deployment.metadata().uid()));
        candidates.addAll(setsByController.get(orphans(key.namespace())));
        List<ReplicaSet> owned = claims.claim(deployment, selector, candidates);
        Instant now = context.time().now();
        Rollout rollout = new Rollout(context.client(), events, set -> writes.wrote(key, set), now, deployment, owned);
        rollout.run(() -> oldPodsRun(deployment, owned));
        if (!rollout.deployment().equals(deployment)) {
            context.client().updateStatus(Deployment.RESOURCE, key.namespace(), rollout.deployment());
            return Outcome.DONE;
        }
        Duration deadline = new Progress(now).untilDeadline(deployment);
        return deadline == null || deployment.spec().paused() ? Outcome.DONE : Outcome.retryAfter(deadline);
    }

    private Outcome refuse(Deployment deployment) {
        events.warning(deployment, "SelectingAll", "This deployment is selecting all pods. A non-empty selector is required.");
        if (deployment.status().observedGeneration() < deployment.metadata().generation()) {
            context.client().updateStatus(Deployment.RESOURCE, deployment.metadata().namespace(), deployment.withStatus(s -> s.withObservedGeneration(deployment.metadata().generation())));
        }
        return Outcome.DONE;
    }

    private boolean oldPodsRun(Deployment deployment, List<ReplicaSet> owned) {
        ReplicaSet newest = Revisions.newest(deployment, owned);
        for (ReplicaSet set : owned) {
            if (newest != null && set.metadata().uid().equals(newest.metadata().uid())) {
                continue;
            }
            if (podsByController.get(set.metadata().uid()).stream().anyMatch(pod -> !Pods.finished(pod))) {
                return true;
            }
        }
        return false;
    }

    private static Collection<String> controllerKey(ReplicaSet set) {
        OwnerReference owner = Ownership.controllerOf(set);
        return List.of(owner == null ? orphans(set.metadata().namespace()) : owner.uid());
    }

    private static String orphans(String namespace) {
        return "orphans/" + namespace;
    }

    private void addOwner(String namespace, OwnerReference owner) {
        if (Ownership.controlledByKind(owner, Deployment.RESOURCE)) {
            queue.add(new ObjectKey(namespace, owner.name()));
        }
    }

    private final class SetEvents implements Handler<ReplicaSet> {

        @Override
        public void added(ReplicaSet set) {
            OwnerReference owner = Ownership.controllerOf(set);
            if (owner != null) {
                addOwner(set.metadata().namespace(), owner);
                return;
            }
            for (Deployment deployment : deployments.lister().list(set.metadata().namespace())) {
                if (Selector.of(deployment.spec().selector()).matches(set.metadata().labels())) {
                    queue.add(new ObjectKey(deployment.metadata().namespace(), deployment.metadata().name()));
                }
            }
        }

        @Override
        public void changed(ReplicaSet before, ReplicaSet after) {
            OwnerReference was = Ownership.controllerOf(before);
            if (was != null && !was.equals(Ownership.controllerOf(after))) {
                addOwner(before.metadata().namespace(), was);
            }
            added(after);
        }

        @Override
        public void deleted(ReplicaSet last) {
            OwnerReference owner = Ownership.controllerOf(last);
            if (owner != null) {
                addOwner(last.metadata().namespace(), owner);
            }
        }
    }

    /// A deployment that recreates waits for its last old pod to end.
    private final class PodEnds implements Handler<Pod> {

        @Override
        public void added(Pod pod) {}

        @Override
        public void changed(Pod before, Pod after) {
            if (!Pods.finished(before) && Pods.finished(after)) {
                deleted(after);
            }
        }

        @Override
        public void deleted(Pod last) {
            OwnerReference set = Ownership.controllerOf(last);
            if (!Ownership.controlledByKind(set, ReplicaSet.RESOURCE) || set == null) {
                return;
            }
            ReplicaSet owner = sets.lister().get(last.metadata().namespace(), set.name());
            OwnerReference deployment = owner == null ? null : Ownership.controllerOf(owner);
            Deployment found = deployment == null ? null : deployments.lister().get(last.metadata().namespace(), deployment.name());
            if (found != null && !Sizes.rolling(found)) {
                queue.add(new ObjectKey(found.metadata().namespace(), found.metadata().name()));
            }
        }
    }
}
