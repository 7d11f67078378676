package io.j8s.controllers.job;

import io.j8s.model.batch.v1.JobCondition;
import io.j8s.model.batch.v1.JobStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The conditions of a job's status.
final class Conditions {
    static final String COMPLETE = "Complete";
    static final String FAILED = "Failed";
    static final String SUSPENDED = "Suspended";
    /// The job will fail once its pods have ended.
    static final String FAILURE_TARGET = "FailureTarget";
    /// The job will be complete once its pods have ended.
    static final String SUCCESS_CRITERIA_MET = "SuccessCriteriaMet";

    private Conditions() {}

    static JobCondition make(String type, String status, String reason, String message, Instant now) {
        Instant seconds = now.truncatedTo(ChronoUnit.SECONDS);
        return JobCondition.EMPTY.withType(type).withStatus(status).withLastProbeTime(seconds).withLastTransitionTime(seconds).withReason(reason).withMessage(message);
    }

    static @Nullable JobCondition find(JobStatus status, String type) {
        return status.conditions().stream().filter(c -> c.type().equals(type)).findFirst().orElse(null);
    }

    static @Nullable JobCondition holding(JobStatus status, String type) {
        JobCondition found = find(status, type);
        return found != null && found.status().equals("True") ? found : null;
    }

    /// The status with a condition; a `False` one is only written over another.
    static JobStatus with(JobStatus status, JobCondition condition) {
        JobCondition before = find(status, condition.type());
        if (before == null) {
            if (condition.status().equals("False")) {
                return status;
            }
            List<JobCondition> more = new ArrayList<>(status.conditions());
            more.add(condition);
            return status.withConditions(more);
        }
        if (before.status().equals(condition.status()) && before.reason().equals(condition.reason()) && before.message().equals(condition.message())) {
            return status;
        }
        return status.withConditions(status.conditions().stream().map(c -> c.type().equals(condition.type()) ? condition : c).toList());
    }
}
