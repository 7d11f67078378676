package io.j8s.controllers.job;

import io.j8s.controllers.frame.Buckets;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobCondition;
import io.j8s.model.core.v1.Pod;
import io.j8s.runtime.metrics.Counter;
import io.j8s.runtime.metrics.Histogram;
import io.j8s.runtime.metrics.MetricRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How jobs fare, as upstream's `job_controller_*` series. Safe for any thread.
final class JobMetrics {
    private final Histogram durations;
    private final Counter syncs;
    private final Counter finished;
    private final Counter podsFinished;
    private final Counter external;
    private final Counter tracked;
    private final Counter indexes;
    private final Counter podsCreated;

    JobMetrics(MetricRegistry registry) {
        durations = registry.histogram("job_controller_job_sync_duration_seconds", "[STABLE] The time it took to sync a job", Buckets.exponential(0.004, 2, 15), "completion_mode", "result", "action");
        syncs = registry.counter("job_controller_job_syncs_total", "[STABLE] The number of job syncs", "completion_mode", "result", "action");
        finished = registry.counter("job_controller_jobs_finished_total", "[STABLE] The number of finished jobs", "completion_mode", "result", "reason");
        podsFinished = registry.counter("job_controller_job_pods_finished_total", "[STABLE] The number of finished Pods that are fully tracked", "completion_mode", "result");
        podsCreated = registry.counter("job_controller_job_pods_creation_total", """
                [ALPHA] The number of Pods created by the Job controller labelled with a reason for the Pod creation.
                This metric also distinguishes between Pods created using different PodReplacementPolicy settings.
                Possible values of the "reason" label are:
                "new", "recreate_terminating_or_failed", "recreate_failed".
                Possible values of the "status" label are:
                "succeeded", "failed".""", "reason", "status");
        external = registry.counter("job_controller_jobs_by_external_controller_total", "[ALPHA] The number of Jobs managed by an external controller", "controller_name");
        indexes = registry.counter("job_controller_job_finished_indexes_total", "[ALPHA] The number of finished indexes", "status", "backoffLimit");
        tracked = registry.counter("job_controller_terminated_pods_tracking_finalizer_total", "[BETA] The number of terminated pods (phase=Failed|Succeeded) that have the finalizer batch.kubernetes.io/job-tracking", "event");
    }

    /// How many numbers `1,3-5` names.
    private static int count(String ranges) {
        int count = 0;
        for (String range : ranges.isEmpty() ? new String[0] : ranges.split(",", -1)) {
            int dash = range.indexOf('-');
            count += dash < 0 ? 1 : Integer.parseInt(range.substring(dash + 1)) - Integer.parseInt(range.substring(0, dash)) + 1;
        }
        return count;
    }

    private static String mode(Job job) {
        return JobPods.indexed(job) ? "Indexed" : "NonIndexed";
    }

    /// @param action `reconciling`, `tracking`, `pods_created` or `pods_deleted`
    void synced(Job job, boolean success, String action, Duration took) {
        String result = success ? "success" : "error";
        durations.observe(took, mode(job), result, action);
        syncs.increment(mode(job), result, action);
    }

    /// Pods were made for a job.
    void podsCreated(JobSync.Created made) {
        if (made.number() > 0) {
            podsCreated.add(made.number(), made.reason(), "succeeded");
        }
        if (made.failed()) {
            podsCreated.increment(made.reason(), "failed");
        }
    }

    void created(Job job) {
        if (JobPods.managedElsewhere(job)) {
            external.increment(job.spec().managedBy());
        }
    }

    /// A job's status was seen to change.
    void changed(Job before, Job after) {
        if (!before.metadata().uid().equals(after.metadata().uid()) || JobPods.managedElsewhere(after)) {
            return;
        }
        podsFinished.add(Math.max(0, after.status().succeeded() - before.status().succeeded()), mode(after), "succeeded");
        podsFinished.add(Math.max(0, after.status().failed() - before.status().failed()), mode(after), "failed");
        if (JobPods.indexed(after)) {
            String limit = after.spec().hasBackoffLimitPerIndex() ? "perIndex" : "global";
            indexes.add(Math.max(0, count(after.status().completedIndexes()) - count(before.status().completedIndexes())), "succeeded", limit);
            indexes.add(Math.max(0, count(after.status().failedIndexes()) - count(before.status().failedIndexes())), "failed", limit);
        }
        if (JobPods.finished(before) || !JobPods.finished(after)) {
            return;
        }
        JobCondition complete = Conditions.holding(after.status(), Conditions.COMPLETE);
        JobCondition failed = Conditions.holding(after.status(), Conditions.FAILED);
        if (complete != null) {
            finished.increment(mode(after), "succeeded", complete.reason());
        } else if (failed != null) {
            finished.increment(mode(after), "failed", failed.reason());
        }
    }

    /// @param before null: there was none
    void changed(@Nullable Pod before, Pod after) {
        boolean was = before != null && ended(before);
        if (ended(after) != was) {
            tracked.increment(was ? "delete" : "add");
        }
    }

    private static boolean ended(Pod pod) {
        return JobPods.tracked(pod) && (pod.status().phase().equals("Succeeded") || pod.status().phase().equals("Failed"));
    }
}
