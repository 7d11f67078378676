package io.j8s.controllers.job;

import io.j8s.client.ApiException;
import io.j8s.client.ObjectKey;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
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
import io.j8s.controllers.pods.PodControl;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.model.selector.Selector;
import io.j8s.runtime.metrics.Counter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// Watches jobs and pods. A second loop frees pods of their tracking finalizer when nobody will count them any more.
public final class JobController implements Controller {
    private static final Duration UNSEEN_RECHECK = Duration.ofSeconds(1);

    private final Context context;
    private final Counter staleSkips;
    private final Informer<Job> jobs;
    private final Informer<Pod> pods;
    private final Index<Pod> podsByController;
    private final OwnWrites<ObjectKey> podWrites;
    private final OwnWrites<ObjectKey> jobWrites;
    private final Claims<Job, Pod> claims;
    private final JobBackoff backoff = new JobBackoff();
    private final WorkQueue<ObjectKey> queue;
    private final WorkQueue<ObjectKey> orphans;
    private final ControllerLoop<ObjectKey> loop;
    private final ControllerLoop<ObjectKey> orphanLoop;
    private final EventRecorder events;
    private final JobMetrics metrics;
    private final PodControl control;

    public JobController(Context context, int workers) {
        this.context = context;
        this.staleSkips = context.registry().counter("job_controller_stale_sync_skips_total", "[ALPHA] Total number of Job syncs skipped due to a stale watch cache.", "group", "resource");
        this.jobs = context.informers().of(Job.RESOURCE);
        this.pods = context.informers().of(Pod.RESOURCE);
        this.podsByController = Pods.byController(pods);
        this.podWrites = OwnWrites.to(pods);
        this.jobWrites = OwnWrites.to(jobs);
        this.claims = new Claims<>(context.client(), Job.RESOURCE, Pod.RESOURCE);
        this.queue = context.queue("job");
        this.orphans = context.queue("job_orphan_pod");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.orphanLoop = new ControllerLoop<>(context.time(), orphans, 1, this::freeOrphan);
        this.events = context.recorder("job-controller");
        this.metrics = new JobMetrics(context.registry());
        this.control = new PodControl(context.client(), events);
        jobs.addHandler(new JobEvents());
        pods.addHandler(new PodEvents());
    }

    @Override
    public void start() {
        loop.start();
        orphanLoop.start();
    }

    @Override
    public void close() {
        loop.close();
        orphanLoop.close();
        events.close();
    }

    private Outcome reconcile(ObjectKey key) throws InterruptedException {
        Job job = jobs.lister().get(key);
        if (job == null || JobPods.finished(job)) {
            backoff.forget(key);
            podWrites.forget(key);
            jobWrites.forget(key);
            return Outcome.DONE;
        }
        if (JobPods.managedElsewhere(job)) {
            return Outcome.DONE;
        }
        if (!podWrites.seen(key) || !jobWrites.seen(key)) {
            staleSkips.increment("", "pods");
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        String mode = job.spec().completionMode();
        if (!mode.isEmpty() && !mode.equals("NonIndexed") && !mode.equals("Indexed")) {
            events.warning(job, "UnknownCompletionMode", "Skipped Job sync because completion mode is unknown");
            return Outcome.DONE;
        }
        List<Pod> claimed = claims.claim(job, Selector.of(job.spec().selector()), Pods.ownedOrOrphaned(podsByController, key.namespace(), job.metadata().uid()));
        List<Pod> present = claimed.stream().filter(pod -> !podWrites.deleting(pod.metadata().uid())).toList();
        if (present.size() != claimed.size()) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        JobPodWrites writes = new JobPodWrites(context.client(), context.time(), control, podWrites, jobWrites, job);
        JobSync sync = new JobSync(writes, events, backoff, context.time().now(), job, present);
        run(job, sync, writes);
        Duration next = sync.nextLook();
        return next == null ? Outcome.DONE : Outcome.retryAfter(next);
    }

    private void run(Job job, JobSync sync, JobPodWrites writes) throws InterruptedException {
        long begun = context.time().nanoTime();
        boolean success = false;
        try {
            sync.run();
            success = true;
        } finally {
            metrics.synced(job, success, writes.action(), Duration.ofNanos(context.time().nanoTime() - begun));
            JobSync.Created made = sync.created();
            if (made != null) {
                metrics.podsCreated(made);
            }
        }
    }

    private Outcome freeOrphan(ObjectKey key) {
        Pod pod = pods.lister().get(key);
        if (pod == null || !JobPods.tracked(pod) || counted(pod)) {
            return Outcome.DONE;
        }
        try {
            String patch = "{\"metadata\":{\"uid\":\"" + pod.metadata().uid() + "\",\"$deleteFromPrimitiveList/finalizers\":[\"" + JobPods.FINALIZER + "\"]}}";
            context.client().patch(Pod.RESOURCE, key.namespace(), key.name(), new Patch.Strategic(patch), WriteOptions.NONE);
        } catch (ApiException e) {
            if (!e.isNotFound() && e.code() != 422) {
                throw e;
            }
        }
        return Outcome.DONE;
    }

    /// Whether somebody will still count the pod.
    private boolean counted(Pod pod) {
        OwnerReference owner = Ownership.controllerOf(pod);
        if (owner == null) {
            return false;
        }
        if (!Ownership.controlledByKind(owner, Job.RESOURCE)) {
            return true;
        }
        Job job = jobs.lister().get(pod.metadata().namespace(), owner.name());
        return job != null && job.metadata().uid().equals(owner.uid()) && (JobPods.managedElsewhere(job) || !JobPods.finished(job));
    }

    private final class JobEvents implements Handler<Job> {
        @Override
        public void added(Job job) {
            metrics.created(job);
            if (JobPods.finished(job)) {
                freePods(job);
            } else {
                queue.add(new ObjectKey(job.metadata().namespace(), job.metadata().name()));
            }
        }

        @Override
        public void changed(Job before, Job after) {
            metrics.changed(before, after);
            if (!before.metadata().uid().equals(after.metadata().uid())) {
                freePods(before);
            }
            if (!JobPods.finished(before) || !JobPods.finished(after)) {
                queue.add(new ObjectKey(after.metadata().namespace(), after.metadata().name()));
            }
            if (JobPods.finished(after) && !JobPods.finished(before)) {
                freePods(after);
            }
        }

        @Override
        public void deleted(Job last) {
            queue.add(new ObjectKey(last.metadata().namespace(), last.metadata().name()));
            freePods(last);
        }

        private void freePods(Job job) {
            for (Pod pod : podsByController.get(job.metadata().uid())) {
                if (JobPods.tracked(pod)) {
                    orphans.add(new ObjectKey(pod.metadata().namespace(), pod.metadata().name()));
                }
            }
        }
    }

    private final class PodEvents implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            metrics.changed(null, pod);
            look(pod);
        }

        private void look(Pod pod) {
            OwnerReference owner = Ownership.controllerOf(pod);
            if (owner != null) {
                addJob(pod, owner);
            } else {
                for (Job job : jobs.lister().list(pod.metadata().namespace())) {
                    if (!JobPods.finished(job) && Selector.of(job.spec().selector()).matches(pod.metadata().labels())) {
                        queue.add(new ObjectKey(job.metadata().namespace(), job.metadata().name()));
                    }
                }
            }
            if (JobPods.tracked(pod) && !counted(pod)) {
                orphans.add(new ObjectKey(pod.metadata().namespace(), pod.metadata().name()));
            }
        }

        @Override
        public void changed(Pod before, Pod after) {
            metrics.changed(before, after);
            OwnerReference was = Ownership.controllerOf(before);
            if (was != null && !Objects.equals(was, Ownership.controllerOf(after))) {
                addJob(before, was);
            }
            look(after);
        }

        @Override
        public void deleted(Pod last) {
            OwnerReference owner = Ownership.controllerOf(last);
            if (owner != null) {
                addJob(last, owner);
            }
        }

        private void addJob(Pod pod, OwnerReference owner) {
            if (Ownership.controlledByKind(owner, Job.RESOURCE)) {
                queue.add(new ObjectKey(pod.metadata().namespace(), owner.name()));
            }
        }
    }
}
