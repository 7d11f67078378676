package io.j8s.controllers.job;

import io.j8s.client.ApiException;
import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.controllers.pods.Pods;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobCondition;
import io.j8s.model.batch.v1.JobStatus;
import io.j8s.model.batch.v1.SuccessPolicyRule;
import io.j8s.model.batch.v1.UncountedTerminatedPods;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One reconciliation of one job: what is finished, whether the job is, which pods to make or delete; then counting.
final class JobSync {
    private static final int MOST_AT_ONCE = 500;
    private static final int MOST_UNCOUNTED = 500;

    private final JobPodWrites writes;
    private final EventRecorder events;
    private final JobBackoff backoff;
    private final Instant now;
    private final ObjectKey key;
    private final List<Pod> pods;
    private final List<Pod> active;
    private final Set<String> uncountedSucceeded;
    private final Set<String> uncountedFailed;
    private Job job;
    private int activeCount;
    private int readyCount;
    private int terminatingCount;
    private @Nullable Created created;
    private int succeeded;
    private int failed;
    private Indexes countedIndexes = Indexes.NONE;
    private Indexes succeededIndexes = Indexes.NONE;
    private Indexes failedIndexes = Indexes.NONE;
    private Map<Integer, Pod> waitingForReplacement = Map.of();
    private @Nullable JobCondition finish;
    private @Nullable Duration nextLook;
    private @Nullable ApiException failure;

    JobSync(JobPodWrites writes, EventRecorder events, JobBackoff backoff, Instant now, Job job, List<Pod> pods) {
        this.writes = writes;
        this.events = events;
        this.backoff = backoff;
        this.now = now;
        this.job = job;
        this.key = new ObjectKey(job.metadata().namespace(), job.metadata().name());
        this.pods = pods;
        this.active = pods.stream().filter(Pods::active).toList();
        this.uncountedSucceeded = new HashSet<>(job.status().uncountedTerminatedPods().succeeded());
        this.uncountedFailed = new HashSet<>(job.status().uncountedTerminatedPods().failed());
    }

    /// When to look again without an event; null: never.
    @Nullable Duration nextLook() {
        return nextLook;
    }

    /// @throws ApiException when something could not be written; what was done until then stands
    void run() throws InterruptedException {
        activeCount = active.size();
        readyCount = (int) active.stream().filter(Pods::ready).count();
        terminatingCount = (int) pods.stream().filter(Pods::terminating).count();
        List<Pod> newSucceeded = newlyFinished(uncountedSucceeded).filter(JobPods::succeeded).toList();
        List<Pod> newFailed = newlyFinished(uncountedFailed).filter(pod -> JobPods.failed(pod, job)).toList();
        succeeded = job.status().succeeded() + newSucceeded.size() + uncountedSucceeded.size();
        failed = job.status().failed() + (int) newFailed.stream().filter(pod -> FailurePolicy.of(job, pod).counts()).count() + uncountedFailed.size();
        if (job.status().startTime() == null && !job.spec().suspend()) {
            job = job.withStatus(s -> s.withStartTime(now.truncatedTo(ChronoUnit.SECONDS)));
        }
        JobBackoff.Failures failures = backoff.with(key, newSucceeded, newFailed);
        judge();
        if (JobPods.indexed(job)) {
            judgeIndexes();
        }
        if (finish != null) {
            endActivePods();
        } else {
            manage(failures);
        }
        count(failures);
        if (failure != null) {
            throw failure;
        }
    }

    private Stream<Pod> newlyFinished(Set<String> known) {
        return pods.stream().filter(pod -> JobPods.tracked(pod) && !known.contains(pod.metadata().uid()) && (!JobPods.indexed(job) || JobPods.validIndex(pod, job)));
    }

    /// Whether the job as a whole has succeeded or failed.
    private void judge() {
        JobStatus status = job.status();
        finish = Conditions.holding(status, Conditions.SUCCESS_CRITERIA_MET);
        JobCondition target = Conditions.holding(status, Conditions.FAILURE_TARGET);
        if (finish == null && target != null) {
            finish = Conditions.make(Conditions.FAILED, "True", target.reason(), target.message(), now);
        }
        for (Pod pod : finish == null ? pods : List.<Pod>of()) {
            String reason = JobPods.failed(pod, job) ? FailurePolicy.of(job, pod).failsJob() : null;
            if (reason != null && finish == null) {
                finish = failing("PodFailurePolicy", reason);
            }
        }
        if (finish != null) {
            return;
        }
        if (failed > backoffLimit() || restartsBeyondLimit()) {
            finish = failing("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        } else if (job.spec().hasActiveDeadlineSeconds() && !job.spec().suspend()) {
            Instant start = job.status().startTime();
            Duration left = Duration.between(now, (start == null ? now : start).plusSeconds(job.spec().activeDeadlineSeconds()));
            if (left.isPositive()) {
                lookAfter(left);
            } else {
                finish = failing("DeadlineExceeded", "Job was active longer than specified deadline");
            }
        }
    }

    private int backoffLimit() {
        return job.spec().hasBackoffLimit() ? job.spec().backoffLimit() : JobPods.limitsPerIndex(job) ? Integer.MAX_VALUE : 6;
    }

    private JobCondition failing(String reason, String message) {
        return Conditions.make(Conditions.FAILURE_TARGET, "True", reason, message, now);
    }

    private boolean restartsBeyondLimit() {
        if (!job.spec().template().spec().restartPolicy().equals("OnFailure")) {
            return false;
        }
        int restarts = pods.stream()
                .filter(p -> p.status().phase().equals("Running") || p.status().phase().equals("Pending"))
                .flatMap(p -> Stream.concat(p.status().initContainerStatuses().stream(), p.status().containerStatuses().stream()))
                .mapToInt(ContainerStatus::restartCount)
                .sum();
        return backoffLimit() == 0 ? restarts > 0 : restarts >= backoffLimit();
    }

    private void judgeIndexes() {
        int completions = job.spec().completions();
        countedIndexes = Indexes.parse(job.status().completedIndexes(), completions);
        succeededIndexes = countedIndexes.with(indexesWhere(JobPods::succeeded));
        succeeded = succeededIndexes.count();
        if (JobPods.limitsPerIndex(job)) {
            failedIndexes = Indexes.parse(job.status().failedIndexes(), completions).with(indexesWhere(this::indexFailed));
            if (finish == null && job.spec().hasMaxFailedIndexes() && failedIndexes.count() > job.spec().maxFailedIndexes()) {
                finish = failing("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
            } else if (finish == null && failedIndexes.count() > 0 && failedIndexes.count() + succeededIndexes.count() >= completions) {
                finish = failing("FailedIndexes", "Job has failed indexes");
            }
            waitingForReplacement = lastFailedPods();
        }
        if (finish == null) {
            finish = successPolicy();
        }
    }

    private Set<Integer> indexesWhere(java.util.function.Predicate<Pod> which) {
        return JobPods.indexes(pods.stream().filter(pod -> JobPods.validIndex(pod, job) && JobPods.tracked(pod) && which.test(pod)).toList());
    }

    private boolean indexFailed(Pod pod) {
        if (!JobPods.failed(pod, job)) {
            return false;
        }
        FailurePolicy policy = FailurePolicy.of(job, pod);
        return policy.failsIndex() || (policy.counts() && JobPods.failures(pod) >= job.spec().backoffLimitPerIndex());
    }

    /// For each index that will be tried again, its last failed pod: it stays until its replacement knows how often the index has failed.
    private Map<Integer, Pod> lastFailedPods() {
        Set<Integer> running = JobPods.indexes(active);
        Map<Integer, Pod> last = new HashMap<>();
        Comparator<Pod> later = Comparator.comparingInt(JobPods::allFailures).thenComparing(JobPods::finishedAt);
        for (Pod pod : pods) {
            int index = JobPods.index(pod);
            if (JobPods.tracked(pod) && JobPods.validIndex(pod, job) && JobPods.failed(pod, job) && !succeededIndexes.has(index) && !failedIndexes.has(index) && !running.contains(index)) {
                last.merge(index, pod, (a, b) -> later.compare(a, b) <= 0 ? b : a);
            }
        }
        return last;
    }

    private @Nullable JobCondition successPolicy() {
        List<SuccessPolicyRule> rules = job.spec().successPolicy().rules();
        for (int i = 0; i < rules.size() && succeededIndexes.count() > 0; i++) {
            SuccessPolicyRule rule = rules.get(i);
            Indexes required = Indexes.parse(rule.succeededIndexes(), job.spec().completions());
            int matching = rule.hasSucceededIndexes() ? required.common(succeededIndexes) : succeededIndexes.count();
            boolean all = rule.hasSucceededIndexes() && required.count() > 0 && matching == required.count();
            if (all || (rule.hasSucceededCount() && matching >= rule.succeededCount())) {
                return Conditions.make(Conditions.SUCCESS_CRITERIA_MET, "True", "SuccessPolicy", "Matched rules at index " + i, now);
            }
        }
        return null;
    }

    /// The job has come to its end: what still runs is stopped, and the end is declared when that has worked.
    private void endActivePods() throws InterruptedException {
        JobPodWrites.Removal removal = writes.delete(job, active, false);
        if (removal.removed() != activeCount) {
            finish = null;
        }
        removed(removal);
    }

    private void removed(JobPodWrites.Removal removal) {
        activeCount -= removal.removed();
        readyCount -= removal.ready();
        terminatingCount += removal.removed();
        failure = removal.error();
    }

    private void manage(JobBackoff.Failures failures) throws InterruptedException {
        boolean managed = job.metadata().deletionTimestamp() == null;
        if (managed) {
            resize(failures);
        }
        boolean complete = job.spec().hasCompletions() ? succeeded >= job.spec().completions() && activeCount == 0 : succeeded > 0 && activeCount == 0;
        if (complete) {
            finish = Conditions.make(Conditions.SUCCESS_CRITERIA_MET, "True", "CompletionsReached", "Reached expected number of succeeded pods", now);
        } else if (managed) {
            suspendOrResume();
        }
    }

    private void suspendOrResume() {
        boolean suspend = job.spec().suspend();
        JobStatus status = Conditions.with(
                job.status(),
                suspend ? Conditions.make(Conditions.SUSPENDED, "True", "JobSuspended", "Job suspended", now) : Conditions.make(Conditions.SUSPENDED, "False", "JobResumed", "Job resumed", now));
        if (!status.equals(job.status())) {
            events.normal(job, suspend ? "Suspended" : "Resumed", suspend ? "Job suspended" : "Job resumed");
            job = job.withStatus(suspend ? status.withoutStartTime() : status.withStartTime(now.truncatedTo(ChronoUnit.SECONDS)));
        }
    }

    /// Makes or deletes pods so that as many run as should.
    private void resize(JobBackoff.Failures failures) throws InterruptedException {
        int parallelism = job.spec().hasParallelism() ? job.spec().parallelism() : 1;
        int wanted = parallelism;
        if (job.spec().suspend()) {
            wanted = 0;
        } else if (job.spec().hasCompletions()) {
            wanted = Math.max(0, Math.min(parallelism, job.spec().completions() - succeeded));
        } else if (succeeded > 0) {
            wanted = activeCount;
        }
        List<Pod> surplus = surplus(Math.max(0, activeCount - wanted));
        if (!surplus.isEmpty()) {
            removed(writes.delete(job, surplus.subList(0, Math.min(surplus.size(), MOST_AT_ONCE)), true));
            return;
        }
        int missing = Math.min(MOST_AT_ONCE, wanted - activeCount - (JobPods.replacesOnlyFailed(job) ? terminatingCount : 0));
        if (missing <= 0 || job.spec().suspend()) {
            return;
        }
        Duration pause = JobPods.limitsPerIndex(job) ? Duration.ZERO : failures.remaining(now);
        if (pause.isPositive()) {
            lookAfter(pause);
            return;
        }
        List<Pod> fresh = JobPods.indexed(job) ? indexedPods(missing) : java.util.Collections.nCopies(missing, PodFactory.plain(job));
        JobPodWrites.Creation creation = writes.create(job, fresh);
        activeCount += creation.created();
        failure = creation.error();
        created = new Created(creation.created(), failure != null, failed == 0 && terminatingCount == 0 ? "new"
                : JobPods.replacesOnlyFailed(job) && failed > 0 ? "recreate_failed" : failed > 0 || terminatingCount > 0 ? "recreate_terminating_or_failed" : "new");
    }

    /// Pods that were made in this run.
    ///
    /// @param failed whether making them failed at some pod
    /// @param reason as upstream's metrics call it
    record Created(int number, boolean failed, String reason) {}

    /// Null: none were to be made.
    @Nullable Created created() {
        return created;
    }

    private List<Pod> surplus(int count) {
        List<Pod> remove = new ArrayList<>();
        List<Pod> keep = new ArrayList<>();
        List<Pod> sorted = new ArrayList<>(active);
        sorted.sort(new io.j8s.controllers.pods.DeletionOrder(List.of(), now));
        if (JobPods.indexed(job)) {
            // of two pods of one index the more useful one stays
            Set<Integer> seen = new HashSet<>();
            for (Pod pod : sorted.reversed()) {
                (JobPods.validIndex(pod, job) && seen.add(JobPods.index(pod)) ? keep : remove).add(pod);
            }
            keep = keep.reversed();
        } else {
            keep = sorted;
        }
        remove.addAll(keep.subList(0, Math.max(0, Math.min(keep.size(), count - remove.size()))));
        return remove;
    }

    private List<Pod> indexedPods(int missing) {
        Indexes taken = succeededIndexes.with(failedIndexes).with(JobPods.indexes(active));
        if (JobPods.replacesOnlyFailed(job)) {
            taken = taken.with(JobPods.indexes(pods.stream().filter(Pods::terminating).toList()));
        }
        List<Pod> fresh = new ArrayList<>();
        for (int index : taken.absent(missing, job.spec().completions())) {
            Pod replaced = waitingForReplacement.get(index);
            Duration pause = replaced == null ? Duration.ZERO : JobBackoff.remaining(JobPods.allFailures(replaced) + 1, JobPods.finishedAt(replaced), now);
            if (pause.isPositive()) {
                lookAfter(pause);
            } else {
                fresh.add(PodFactory.indexed(job, index, replaced));
            }
        }
        return fresh;
    }

    private void lookAfter(Duration span) {
        nextLook = nextLook == null || span.compareTo(nextLook) < 0 ? span : nextLook;
    }

    /// Writes finished pods into the status, then takes their finalizers away, then counts them, and declares the end when all are counted.
    private void count(JobBackoff.Failures failures) throws InterruptedException {
        Set<String> tracked = new HashSet<>();
        pods.stream().filter(JobPods::tracked).forEach(pod -> tracked.add(pod.metadata().uid()));
        job = job.withStatus(s -> s.withActive(activeCount).withReady(readyCount).withTerminating(terminatingCount).withUncountedTerminatedPods(s.uncountedTerminatedPods()));
        job = job.withStatus(counted(job.status(), tracked));
        List<Pod> release = note();
        boolean complete = release.size() < MOST_UNCOUNTED;
        announce();
        job = writes.status(job);
        backoff.keep(key, failures);
        Set<String> released = writes.release(job, release);
        tracked.removeAll(released);
        job = job.withStatus(counted(job.status(), tracked));
        boolean ended = complete && released.size() == release.size() && end();
        job = writes.status(job);
        if (ended) {
            tell();
        }
        if (released.size() != release.size() && failure == null) {
            failure = writes.lastError();
        }
    }

    /// Notes finished pods in the status; answers those whose finalizers may go then.
    private List<Pod> note() {
        List<Pod> release = new ArrayList<>();
        List<String> newSucceeded = new ArrayList<>(job.status().uncountedTerminatedPods().succeeded());
        List<String> newFailed = new ArrayList<>(job.status().uncountedTerminatedPods().failed());
        Set<Integer> newIndexes = new HashSet<>();
        for (Pod pod : pods) {
            String uid = pod.metadata().uid();
            boolean hasFailed = JobPods.failed(pod, job);
            if (!JobPods.tracked(pod) || !releasable(pod, hasFailed)) {
                continue;
            }
            release.add(pod);
            if (JobPods.succeeded(pod) && !uncountedFailed.contains(uid)) {
                if (!JobPods.indexed(job)) {
                    if (!uncountedSucceeded.contains(uid)) {
                        newSucceeded.add(uid);
                    }
                } else if (JobPods.validIndex(pod, job)) {
                    newIndexes.add(JobPods.index(pod));
                }
            } else if ((hasFailed || (finish != null && !finish.type().equals(Conditions.SUCCESS_CRITERIA_MET)))
                    && !uncountedFailed.contains(uid)
                    && (!JobPods.indexed(job) || JobPods.validIndex(pod, job))
                    && FailurePolicy.of(job, pod).counts()) {
                newFailed.add(uid);
            }
            if (newIndexes.size() + newSucceeded.size() + newFailed.size() >= MOST_UNCOUNTED || release.size() >= MOST_UNCOUNTED) {
                break;
            }
        }
        UncountedTerminatedPods uncounted = UncountedTerminatedPods.EMPTY.withSucceeded(newSucceeded).withFailed(newFailed);
        job = job.withStatus(s -> s.withUncountedTerminatedPods(uncounted));
        if (JobPods.indexed(job)) {
            Indexes all = countedIndexes.with(newIndexes);
            job = job.withStatus(s -> s.withSucceeded(all.count()).withCompletedIndexes(all.toString()));
            if (JobPods.limitsPerIndex(job)) {
                job = job.withStatus(s -> s.withFailedIndexes(failedIndexes.toString()));
            }
        }
        return release;
    }

    private boolean releasable(Pod pod, boolean hasFailed) {
        if (job.metadata().deletionTimestamp() != null || finish != null || JobPods.succeeded(pod)) {
            return true;
        }
        Pod waiting = waitingForReplacement.get(JobPods.index(pod));
        return hasFailed && (waiting == null || !waiting.metadata().uid().equals(pod.metadata().uid()));
    }

    /// Uids whose pods have no finalizer any more become numbers.
    private static JobStatus counted(JobStatus status, Set<String> tracked) {
        UncountedTerminatedPods uncounted = status.uncountedTerminatedPods();
        List<String> stillSucceeded = uncounted.succeeded().stream().filter(tracked::contains).toList();
        List<String> stillFailed = uncounted.failed().stream().filter(tracked::contains).toList();
        return status.withSucceeded(status.succeeded() + uncounted.succeeded().size() - stillSucceeded.size())
                .withFailed(status.failed() + uncounted.failed().size() - stillFailed.size())
                .withUncountedTerminatedPods(UncountedTerminatedPods.EMPTY.withSucceeded(stillSucceeded).withFailed(stillFailed));
    }

    /// Says in the status that the end is near, before any pod is let go because of it.
    private void announce() {
        if (finish == null) {
            return;
        }
        if (finish.type().equals(Conditions.FAILURE_TARGET)) {
            JobCondition target = finish;
            job = job.withStatus(Conditions.with(job.status(), target));
            finish = Conditions.make(Conditions.FAILED, "True", target.reason(), target.message(), now);
        } else if (finish.type().equals(Conditions.SUCCESS_CRITERIA_MET)) {
            JobCondition met = finish;
            job = job.withStatus(Conditions.holding(job.status(), Conditions.SUCCESS_CRITERIA_MET) == null ? Conditions.with(job.status(), met) : job.status());
            finish = Conditions.make(Conditions.COMPLETE, "True", met.reason(), met.message(), now);
        }
    }

    /// Declares the end, unless pods are still to be counted or to end.
    private boolean end() {
        UncountedTerminatedPods uncounted = job.status().uncountedTerminatedPods();
        if (finish == null || !uncounted.succeeded().isEmpty() || !uncounted.failed().isEmpty() || terminatingCount > 0) {
            return false;
        }
        JobCondition end = finish;
        job = job.withStatus(Conditions.with(job.status(), end));
        if (end.type().equals(Conditions.COMPLETE)) {
            job = job.withStatus(s -> s.withCompletionTime(end.lastTransitionTime()));
        }
        return true;
    }

    private void tell() {
        if (finish == null) {
            return;
        }
        if (!finish.type().equals(Conditions.COMPLETE)) {
            events.warning(job, finish.reason(), finish.message());
            return;
        }
        if (job.spec().hasCompletions() && job.status().succeeded() > job.spec().completions()) {
            events.warning(job, "TooManySucceededPods", "Too many succeeded pods running after completion count reached");
        }
        events.normal(job, "Completed", "Job completed");
    }
}
