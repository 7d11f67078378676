package io.j8s.controllers.ttlafterfinished;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ObjectKey;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Buckets;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobCondition;
import io.j8s.runtime.metrics.Histogram;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Watches jobs with `ttlSecondsAfterFinished`; deletes each, with its pods, that long after it was complete or failed.
public final class TtlAfterFinishedController implements Controller {
    private final Context context;
    private final Informer<Job> jobs;
    private final ControllerLoop<ObjectKey> loop;
    private final Histogram durations;

    public TtlAfterFinishedController(Context context, int workers) {
        this.context = context;
        this.jobs = context.informers().of(Job.RESOURCE);
        WorkQueue<ObjectKey> queue = context.queue("ttl_jobs_to_delete");
        this.durations = context.registry().histogram("ttl_after_finished_controller_job_deletion_duration_seconds", "[ALPHA] The time it took to delete the job since it became eligible for deletion", Buckets.exponential(0.1, 2, 14));
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        jobs.addHandler(new Handler<>() {
            @Override
            public void added(Job job) {
                if (end(job) != null) {
                    queue.add(new ObjectKey(job.metadata().namespace(), job.metadata().name()));
                }
            }

            @Override
            public void changed(Job before, Job after) {
                added(after);
            }

            @Override
            public void deleted(Job last) {}
        });
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    /// When the job's time is up; null when it is not to be deleted.
    private static @Nullable Instant end(Job job) {
        if (!job.spec().hasTtlSecondsAfterFinished() || job.metadata().deletionTimestamp() != null) {
            return null;
        }
        for (JobCondition condition : job.status().conditions()) {
            Instant finished = condition.lastTransitionTime();
            if ((condition.type().equals("Complete") || condition.type().equals("Failed")) && condition.status().equals("True") && finished != null) {
                return finished.plusSeconds(job.spec().ttlSecondsAfterFinished());
            }
        }
        return null;
    }

    private Outcome reconcile(ObjectKey key) {
        Job cached = jobs.lister().get(key);
        Duration left = cached == null ? null : left(cached);
        if (left == null || left.isPositive()) {
            return left == null ? Outcome.DONE : Outcome.retryAfter(left);
        }
        // the cache may be old, and a deletion cannot be taken back
        Job job = context.client().find(Job.RESOURCE, key.namespace(), key.name());
        left = job == null ? null : left(job);
        if (job == null || left == null || left.isPositive()) {
            return left == null ? Outcome.DONE : Outcome.retryAfter(left);
        }
        try {
            context.client().delete(Job.RESOURCE, key.namespace(), key.name(), DeleteOptions.ofUid(job.metadata().uid()).propagating("Foreground"));
            durations.observe(left.negated());
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
        }
        return Outcome.DONE;
    }

    private @Nullable Duration left(Job job) {
        Instant end = end(job);
        return end == null ? null : Duration.between(context.time().now(), end);
    }
}
