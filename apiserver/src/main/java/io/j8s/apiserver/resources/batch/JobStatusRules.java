package io.j8s.apiserver.resources.batch;

import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobStatus;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The rules for the status of jobs: most are asked only of what changes, so that a status of an earlier version can still be written.
final class JobStatusRules {

    private static final FieldPath STATUS = FieldPath.of("status");
    private static final FieldPath CONDITIONS = STATUS.child("conditions");
    private static final FieldPath COMPLETION = STATUS.child("completionTime");
    private static final FieldPath START = STATUS.child("startTime");

    private final Job job;
    private final Job old;
    private final FieldErrors errors;

    private JobStatusRules(Job job, Job old, FieldErrors errors) {
        this.job = job;
        this.old = old;
        this.errors = errors;
    }

    static void status(Job job, Job old, FieldErrors errors) {
        JobStatusRules rules = new JobStatusRules(job, old, errors);
        rules.numbers();
        rules.conditions();
        rules.finished();
        rules.indexes();
        rules.remaining();
        rules.change();
    }

    private boolean is(String condition) {
        return Jobs.isTrue(job, condition);
    }

    private boolean was(String condition) {
        return Jobs.isTrue(old, condition);
    }

    private boolean changed(String condition) {
        return is(condition) != was(condition);
    }

    private static boolean isFinished(Job job) {
        return Jobs.isTrue(job, "Complete") || Jobs.isTrue(job, "Failed");
    }

    private void numbers() {
        JobStatus status = job.status();
        NumberRules.notNegative(status.active(), STATUS.child("active"), errors);
        NumberRules.notNegative(status.succeeded(), STATUS.child("succeeded"), errors);
        NumberRules.notNegative(status.failed(), STATUS.child("failed"), errors);
        NumberRules.notNegative(status.ready(), STATUS.child("ready"), errors);
        NumberRules.notNegative(status.terminating(), STATUS.child("terminating"), errors);
        Set<String> seen = new HashSet<>();
        FieldPath path = STATUS.child("uncountedTerminatedPods");
        uids(status.uncountedTerminatedPods().succeeded(), path.child("succeeded"), seen);
        uids(status.uncountedTerminatedPods().failed(), path.child("failed"), seen);
    }

    private void uids(List<String> uids, FieldPath path, Set<String> seen) {
        for (int i = 0; i < uids.size(); i++) {
            if (uids.get(i).isEmpty()) {
                errors.invalid(path.index(i), "", "must not be empty");
            } else if (!seen.add(uids.get(i))) {
                errors.duplicate(path.index(i), uids.get(i));
            }
        }
    }

    private void conflicting(String first, String second) {
        if (is(first) && is(second)) {
            errors.invalid(CONDITIONS, "", "cannot set " + first + "=True and " + second + "=true conditions");
        }
    }

    private void requiring(String condition, String required) {
        if (is(condition) && !is(required)) {
            errors.invalid(CONDITIONS, "", "cannot set " + condition + "=True condition without the " + required + "=true condition");
        }
    }

    private void conditions() {
        if (changed("Complete") || changed("Failed")) {
            conflicting("Complete", "Failed");
        }
        if (changed("Complete") || changed("FailureTarget")) {
            conflicting("Complete", "FailureTarget");
        }
        Instant completed = job.status().completionTime();
        Instant started = job.status().startTime();
        boolean timesChanged = !Objects.equals(completed, old.status().completionTime());
        if (changed("Complete") || timesChanged) {
            if (completed != null && !is("Complete")) {
                errors.invalid(COMPLETION, completed, "cannot set completionTime when there is no Complete=True condition");
            }
            if (completed == null && is("Complete")) {
                errors.required(COMPLETION, "completionTime is required for Complete jobs");
            }
        }
        boolean anyTimeChanged = timesChanged || !Objects.equals(started, old.status().startTime());
        if (anyTimeChanged && started != null && completed != null && completed.isBefore(started)) {
            errors.invalid(COMPLETION, completed, "must be equal to or after `startTime`");
        }
        if (changed("Failed") || !Objects.equals(job.status().failedIndexes(), old.status().failedIndexes())) {
            requiring("Failed", "FailureTarget");
        }
        if (changed("Complete") || changed("SuccessCriteriaMet")) {
            requiring("Complete", "SuccessCriteriaMet");
        }
    }

    private void finished() {
        if (!isFinished(job)) {
            return;
        }
        JobStatus status = job.status();
        boolean finishes = isFinished(job) != isFinished(old);
        if ((finishes || status.active() != old.status().active()) && status.active() > 0) {
            errors.invalid(STATUS.child("active"), status.active(), "active>0 is invalid for finished job");
        }
        boolean nothingToDo = job.spec().suspend() && job.spec().hasCompletions() && job.spec().completions() == 0;
        if ((finishes || !Objects.equals(status.startTime(), old.status().startTime())) && !nothingToDo && status.startTime() == null) {
            errors.required(START, "startTime is required for finished job");
        }
        boolean counted = status.uncountedTerminatedPods().failed().isEmpty() && status.uncountedTerminatedPods().succeeded().isEmpty();
        if ((finishes || !status.uncountedTerminatedPods().equals(old.status().uncountedTerminatedPods())) && !counted) {
            errors.invalid(STATUS.child("uncountedTerminatedPods"), status.uncountedTerminatedPods(), "must be empty for finished job");
        }
    }

    private void indexes() {
        JobStatus status = job.status();
        int completions = job.spec().completions();
        boolean completedChanged = !status.completedIndexes().equals(old.status().completedIndexes());
        boolean failedChanged = status.hasFailedIndexes() != old.status().hasFailedIndexes() || !status.failedIndexes().equals(old.status().failedIndexes());
        FieldPath completed = STATUS.child("completedIndexes");
        FieldPath failed = STATUS.child("failedIndexes");
        Indexes done = Indexes.parse(status.completedIndexes(), completions);
        Indexes broken = Indexes.parse(status.failedIndexes(), completions);
        if (completedChanged && job.spec().hasCompletions() && !done.problem().isEmpty()) {
            errors.invalid(completed, status.completedIndexes(), "error parsing completedIndexes: " + done.problem());
        }
        if (failedChanged && job.spec().hasCompletions() && job.spec().hasBackoffLimitPerIndex() && !broken.problem().isEmpty()) {
            errors.invalid(failed, status.failedIndexes(), "error parsing failedIndexes: " + broken.problem());
        }
        if (completedChanged && !status.completedIndexes().isEmpty() && !job.spec().completionMode().equals("Indexed")) {
            errors.invalid(completed, status.completedIndexes(), "cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (failedChanged && !job.spec().hasBackoffLimitPerIndex() && status.hasFailedIndexes()) {
            errors.invalid(failed, status.failedIndexes(), "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        if ((completedChanged || failedChanged) && job.spec().hasCompletions() && done.overlaps(broken)) {
            errors.invalid(failed, status.failedIndexes(), "failedIndexes and completedIndexes overlap");
        }
    }

    private void remaining() {
        JobStatus status = job.status();
        boolean finishes = isFinished(job) != isFinished(old);
        if ((finishes || status.terminating() != old.status().terminating()) && isFinished(job) && status.terminating() > 0) {
            errors.invalid(STATUS.child("terminating"), status.terminating(), "terminating>0 is invalid for finished job");
        }
        boolean readyChanged = status.ready() != old.status().ready() || status.active() != old.status().active();
        if (readyChanged && status.ready() > status.active()) {
            errors.invalid(STATUS.child("ready"), status.ready(), "cannot set more ready pods than active");
        }
        conflicting("SuccessCriteriaMet", "Failed");
        conflicting("SuccessCriteriaMet", "FailureTarget");
        if (job.spec().hasSuccessPolicy() && !is("SuccessCriteriaMet") && is("Complete")) {
            errors.invalid(CONDITIONS, "", "cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True");
        }
    }

    private void change() {
        JobStatus status = job.status();
        for (String condition : List.of("Failed", "Complete", "FailureTarget")) {
            if (was(condition) && !is(condition)) {
                errors.invalid(CONDITIONS, "", "cannot disable the terminal " + condition + "=True condition");
            }
        }
        if (status.failed() < old.status().failed()) {
            errors.invalid(STATUS.child("failed"), status.failed(), "cannot decrease the failed counter");
        }
        boolean elastic = job.spec().completionMode().equals("Indexed") && job.spec().hasCompletions() && job.spec().completions() == job.spec().parallelism();
        if (!elastic && status.succeeded() < old.status().succeeded()) {
            errors.invalid(STATUS.child("succeeded"), status.succeeded(), "cannot decrease the succeeded counter");
        }
        Instant completed = old.status().completionTime();
        if (completed != null && status.completionTime() != null && !completed.equals(status.completionTime())) {
            errors.invalid(COMPLETION, status.completionTime(), "field is immutable");
        }
        Instant started = old.status().startTime();
        boolean resumes = was("Suspended") && status.conditions().stream().anyMatch(c -> c.type().equals("Suspended") && c.status().equals("False"));
        if (!resumes && started != null && !started.equals(status.startTime()) && !job.spec().suspend()) {
            errors.invalid(START, status.startTime(), "field is immutable for unsuspended job once set");
        }
        if (was("SuccessCriteriaMet") && !is("SuccessCriteriaMet")) {
            errors.invalid(CONDITIONS, "", "cannot disable the SuccessCriteriaMet=True condition");
        }
        if (was("Complete") && !was("SuccessCriteriaMet") && is("SuccessCriteriaMet")) {
            errors.invalid(CONDITIONS, "", "cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions");
        }
    }
}
