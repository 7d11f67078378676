package io.j8s.controllers.cronjob;

import io.j8s.client.ApiException;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Index;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.loop.Ownership;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Buckets;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.frame.OwnWrites;
import io.j8s.model.batch.v1.CronJob;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobCondition;
import io.j8s.model.batch.v1.JobTemplateSpec;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.OwnerReference;
import io.j8s.runtime.metrics.Histogram;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Watches cron jobs and their jobs. A job's name holds its scheduled minute, so that none is ever made twice.
public final class CronJobController implements Controller {
    private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";
    private static final Duration LATE = Duration.ofMillis(100);
    private static final Duration UNSEEN_RECHECK = Duration.ofSeconds(1);
    private static final int MANY_MISSED = 100;

    private final Context context;
    private final Informer<CronJob> cronJobs;
    private final Informer<Job> jobs;
    private final Index<Job> jobsByController;
    private final OwnWrites<ObjectKey> writes;
    private final OwnWrites<ObjectKey> jobWrites;
    private final WorkQueue<ObjectKey> queue;
    private final ControllerLoop<ObjectKey> loop;
    private final EventRecorder events;
    private final Histogram skews;

    public CronJobController(Context context, int workers) {
        this.context = context;
        this.cronJobs = context.informers().of(CronJob.RESOURCE);
        this.jobs = context.informers().of(Job.RESOURCE);
        this.jobsByController = jobs.index("controller", job -> {
            OwnerReference owner = Ownership.controllerOf(job);
            return owner == null ? List.of() : List.of(owner.uid());
        });
        this.writes = OwnWrites.to(cronJobs);
        this.jobWrites = OwnWrites.to(jobs);
        this.queue = context.queue("cronjob");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile);
        this.events = context.recorder("cronjob-controller");
        this.skews = context.registry().histogram("cronjob_controller_job_creation_skew_duration_seconds",
                "[STABLE] Time between when a cronjob is scheduled to be run, and when the corresponding job is created", Buckets.exponential(1, 2, 10));
        cronJobs.addHandler(Handler.each(cron -> queue.add(new ObjectKey(cron.metadata().namespace(), cron.metadata().name()))));
        jobs.addHandler(Handler.each(job -> {
            OwnerReference owner = Ownership.controllerOf(job);
            if (owner != null && Ownership.controlledByKind(owner, CronJob.RESOURCE)) {
                queue.add(new ObjectKey(job.metadata().namespace(), owner.name()));
            }
        }));
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
        CronJob cron = cronJobs.lister().get(key);
        if (cron == null) {
            writes.forget(key);
            jobWrites.forget(key);
            return Outcome.DONE;
        }
        if (!writes.seen(key) || !jobWrites.seen(key)) {
            return Outcome.retryAfter(UNSEEN_RECHECK);
        }
        List<Job> owned = jobsByController.get(cron.metadata().uid()).stream().filter(job -> !jobWrites.deleting(job.metadata().uid())).toList();
        CronJob changed = cleanUp(follow(cron, owned), owned);
        Outcome outcome = Outcome.DONE;
        if (cron.metadata().deletionTimestamp() == null && !cron.spec().suspend()) {
            Step step = schedule(key, changed);
            changed = step.cron;
            outcome = step.next == null ? Outcome.DONE : Outcome.retryAfter(step.next);
        }
        if (!changed.status().equals(cron.status())) {
            writes.wrote(key, context.client().updateStatus(CronJob.RESOURCE, key.namespace(), changed));
        }
        return outcome;
    }

    /// The cron job after a step, and when to look again (null: not by the clock).
    private record Step(CronJob cron, @Nullable Duration next) {}

    /// Takes finished and missing jobs from the list of active ones.
    private CronJob follow(CronJob before, List<Job> owned) {
        CronJob cron = before;
        for (Job job : owned) {
            boolean active = cron.status().active().stream().anyMatch(r -> r.uid().equals(job.metadata().uid()));
            String end = end(job);
            if (end.isEmpty() && !active) {
                events.warning(cron, "UnexpectedJob", "Saw a job that the controller did not create or forgot: " + job.metadata().name());
            } else if (!end.isEmpty()) {
                if (active) {
                    cron = without(cron, job.metadata().uid());
                    events.normal(cron, "SawCompletedJob", "Saw completed job: " + job.metadata().name() + ", condition: " + end);
                }
                Instant completion = job.status().completionTime();
                Instant last = cron.status().lastSuccessfulTime();
                if (end.equals("Complete") && completion != null && (last == null || last.isBefore(completion))) {
                    cron = cron.withStatus(s -> s.withLastSuccessfulTime(completion));
                }
            }
        }
        for (ObjectReference reference : before.status().active()) {
            boolean known = owned.stream().anyMatch(job -> job.metadata().uid().equals(reference.uid()));
            if (!known && context.client().find(Job.RESOURCE, reference.namespace(), reference.name()) == null) {
                events.normal(cron, "MissingJob", "Active job went missing: " + reference.name());
                cron = without(cron, reference.uid());
            }
        }
        return cron;
    }

    /// `Complete`, `Failed`, or empty while it goes on.
    private static String end(Job job) {
        for (JobCondition condition : job.status().conditions()) {
            if ((condition.type().equals("Complete") || condition.type().equals("Failed")) && condition.status().equals("True")) {
                return condition.type();
            }
        }
        return "";
    }

    private static CronJob without(CronJob cron, String uid) {
        List<ObjectReference> left = cron.status().active().stream().filter(r -> !r.uid().equals(uid)).toList();
        return cron.withStatus(s -> left.isEmpty() ? s.withoutActive() : s.withActive(left));
    }

    /// Deletes the oldest finished jobs beyond the history limits.
    private CronJob cleanUp(CronJob cron, List<Job> owned) {
        CronJob result = cron;
        if (cron.spec().hasSuccessfulJobsHistoryLimit()) {
            result = trim(result, owned.stream().filter(job -> end(job).equals("Complete")).toList(), cron.spec().successfulJobsHistoryLimit());
        }
        if (cron.spec().hasFailedJobsHistoryLimit()) {
            result = trim(result, owned.stream().filter(job -> end(job).equals("Failed")).toList(), cron.spec().failedJobsHistoryLimit());
        }
        return result;
    }

    private CronJob trim(CronJob cron, List<Job> finished, int keep) {
        CronJob result = cron;
        List<Job> oldestFirst = new ArrayList<>(finished);
        oldestFirst.sort(Comparator.comparing((Job job) -> Objects.requireNonNullElse(job.status().startTime(), Instant.MAX)).thenComparing(job -> job.metadata().name()));
        for (Job job : oldestFirst.subList(0, Math.max(0, oldestFirst.size() - keep))) {
            if (delete(cron, job)) {
                result = without(result, job.metadata().uid());
            }
        }
        return result;
    }

    private boolean delete(CronJob cron, Job job) {
        jobWrites.willDelete(job.metadata().uid());
        try {
            context.client().delete(Job.RESOURCE, job.metadata().namespace(), job.metadata().name(), DeleteOptions.ofUid(job.metadata().uid()).propagating("Background"));
            events.normal(cron, "SuccessfulDelete", "Deleted job " + job.metadata().name());
            return true;
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return true;
            }
            jobWrites.didNotDelete(job.metadata().uid());
            events.warning(cron, "FailedDelete", "Deleted job: " + e.getMessage());
            return false;
        }
    }

    private Step schedule(ObjectKey key, CronJob cron) {
        Instant now = context.time().now();
        Schedule schedule;
        try {
            schedule = Schedule.parse(cron.spec().schedule(), cron.spec().timeZone().isEmpty() ? ZoneOffset.UTC : Schedule.zone(cron.spec().timeZone()));
        } catch (IllegalArgumentException e) {
            boolean zone = String.valueOf(e.getMessage()).startsWith("unknown time zone");
            events.warning(cron, zone ? "UnknownTimeZone" : "UnparseableSchedule", zone ? "invalid timeZone: \"" + cron.spec().timeZone() + "\"" : "unparseable schedule: \"" + cron.spec().schedule() + "\" : " + e.getMessage());
            return new Step(cron, null);
        }
        Instant following = schedule.after(now);
        Duration next = following == null ? null : Duration.between(now, following).plus(LATE);
        Instant due = due(cron, schedule, now);
        if (due == null || due.equals(cron.status().lastScheduleTime())) {
            return new Step(cron, next);
        }
        if (cron.spec().hasStartingDeadlineSeconds() && due.plusSeconds(cron.spec().startingDeadlineSeconds()).isBefore(now)) {
            events.warning(cron, "MissSchedule", "Missed scheduled time to start a job: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(due.atOffset(ZoneOffset.UTC)));
            return new Step(cron, next);
        }
        String policy = cron.spec().concurrencyPolicy();
        if (policy.equals("Forbid") && !cron.status().active().isEmpty()) {
            events.normal(cron, "JobAlreadyActive", "Not starting job because prior execution is running and concurrency policy is Forbid");
            return new Step(cron, next);
        }
        CronJob ready = policy.equals("Replace") ? replaced(cron) : cron;
        return new Step(start(key, ready, due, schedule), next);
    }

    private @Nullable Instant due(CronJob cron, Schedule schedule, Instant now) {
        Instant last = cron.status().lastScheduleTime();
        Instant from = last != null ? last : Objects.requireNonNullElse(cron.metadata().creationTimestamp(), now);
        if (cron.spec().hasStartingDeadlineSeconds()) {
            Instant earliest = now.minusSeconds(cron.spec().startingDeadlineSeconds());
            from = earliest.isAfter(from) ? earliest : from;
        }
        if (from.isAfter(now)) {
            return null;
        }
        if (schedule.countBetween(from, now, MANY_MISSED + 1) > MANY_MISSED) {
            events.warning(cron, "TooManyMissedTimes", "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew");
        }
        return schedule.lastBetween(from, now);
    }

    private CronJob replaced(CronJob cron) {
        CronJob result = cron;
        for (ObjectReference reference : cron.status().active()) {
            Job job = context.client().find(Job.RESOURCE, reference.namespace(), reference.name());
            if (job != null && !delete(cron, job)) {
                throw new IllegalStateException("could not replace job " + reference.namespace() + "/" + reference.name());
            }
            result = without(result, reference.uid());
        }
        return result;
    }

    private CronJob start(ObjectKey key, CronJob cron, Instant due, Schedule schedule) {
        Job job = job(cron, due, schedule);
        Job made;
        try {
            made = context.client().create(Job.RESOURCE, key.namespace(), job);
            jobWrites.wrote(key, made);
            events.normal(cron, "SuccessfulCreate", "Created job " + made.metadata().name());
            Instant created = made.metadata().creationTimestamp();
            if (created != null) {
                skews.observe(Duration.between(due, created));
            }
        } catch (ApiException e) {
            if (!e.alreadyExists()) {
                events.warning(cron, "FailedCreate", "Error creating job: " + e.getMessage());
                throw e;
            }
            made = context.client().get(Job.RESOURCE, key.namespace(), job.metadata().name());
            String uid = made.metadata().uid();
            if (!Ownership.controlledBy(made, cron.metadata().uid()) || cron.status().active().stream().anyMatch(r -> r.uid().equals(uid))) {
                return cron;
            }
        }
        List<ObjectReference> active = new ArrayList<>(cron.status().active());
        if (end(made).isEmpty()) {
            active.add(EventRecorder.reference(made));
        }
        return cron.withStatus(s -> (active.isEmpty() ? s.withoutActive() : s.withActive(active)).withLastScheduleTime(due));
    }

    private static Job job(CronJob cron, Instant due, Schedule schedule) {
        JobTemplateSpec template = cron.spec().jobTemplate();
        Map<String, String> annotations = new LinkedHashMap<>(template.metadata().annotations());
        annotations.put(SCHEDULED, DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(due.atZone(schedule.zone()).truncatedTo(ChronoUnit.SECONDS)));
        ObjectMeta meta = ObjectMeta.EMPTY
                .withName(cron.metadata().name() + "-" + due.getEpochSecond() / 60)
                .withNamespace(cron.metadata().namespace())
                .withLabels(template.metadata().labels())
                .withAnnotations(annotations)
                .withOwnerReferences(List.of(Ownership.controllerReference(CronJob.RESOURCE, cron.metadata())));
        return Job.EMPTY.withMetadata(meta).withSpec(template.spec());
    }
}
