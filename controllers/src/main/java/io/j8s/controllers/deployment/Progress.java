package io.j8s.controllers.deployment;

import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.DeploymentCondition;
import io.j8s.model.apps.v1.DeploymentStatus;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.ReplicaSetCondition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts and conditions of a deployment's status.
final class Progress {
    static final String PROGRESSING = "Progressing";
    static final String TIMED_OUT = "ProgressDeadlineExceeded";
    private static final String AVAILABLE = "Available";
    private static final String FAILURE = "ReplicaFailure";
    private static final String COMPLETE = "NewReplicaSetAvailable";
    private static final String PAUSED = "DeploymentPaused";

    private final Instant now;

    Progress(Instant now) {
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    static boolean hasDeadline(Deployment deployment) {
        return deployment.spec().hasProgressDeadlineSeconds() && deployment.spec().progressDeadlineSeconds() != Integer.MAX_VALUE;
    }

    static @Nullable DeploymentCondition condition(DeploymentStatus status, String type) {
        return status.conditions().stream().filter(c -> c.type().equals(type)).findFirst().orElse(null);
    }

    /// Sets a condition of the deployment that says how the rollout goes; the same status and reason again change nothing.
    Deployment progressing(Deployment deployment, String status, String reason, String message) {
        return deployment.withStatus(set(deployment.status(), make(PROGRESSING, status, reason, message)));
    }

    /// Notes that the deployment was paused or resumed, so that the deadline does not run meanwhile.
    Deployment paused(Deployment deployment) {
        DeploymentCondition condition = condition(deployment.status(), PROGRESSING);
        if (!hasDeadline(deployment) || (condition != null && condition.reason().equals(TIMED_OUT))) {
            return deployment;
        }
        boolean known = condition != null && condition.reason().equals(PAUSED);
        if (deployment.spec().paused() == known) {
            return deployment;
        }
        return known ? progressing(deployment, "Unknown", "DeploymentResumed", "Deployment is resumed") : progressing(deployment, "Unknown", PAUSED, "Deployment is paused");
    }

    /// The status with the counts of all sets and whether enough is available.
    DeploymentStatus counted(Deployment deployment, @Nullable ReplicaSet newest, List<ReplicaSet> all) {
        Sizes sizes = Sizes.of(deployment);
        int available = all.stream().mapToInt(s -> s.status().availableReplicas()).sum();
        DeploymentStatus status = deployment.status()
                .withObservedGeneration(deployment.metadata().generation())
                .withReplicas(all.stream().mapToInt(s -> s.status().replicas()).sum())
                .withUpdatedReplicas(newest == null ? 0 : newest.status().replicas())
                .withReadyReplicas(all.stream().mapToInt(s -> s.status().readyReplicas()).sum())
                .withAvailableReplicas(available)
                .withUnavailableReplicas(Math.max(0, Sizes.sum(all) - available));
        boolean terminatingKnown = all.stream().allMatch(s -> s.status().hasTerminatingReplicas() || s.status().observedGeneration() == 0);
        status = terminatingKnown ? status.withTerminatingReplicas(all.stream().mapToInt(s -> s.status().terminatingReplicas()).sum()) : status.withoutTerminatingReplicas();
        boolean enough = available >= sizes.minimumAvailable();
        return set(status, enough
                ? make(AVAILABLE, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.")
                : make(AVAILABLE, "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."));
    }

    /// The counts, and how the rollout goes: complete, progressing, or past its deadline; and what fails.
    ///
    /// @param before the status that was last written
    DeploymentStatus rolledOut(Deployment deployment, DeploymentStatus before, @Nullable ReplicaSet newest, List<ReplicaSet> all) {
        DeploymentStatus status = counted(deployment, newest, all);
        DeploymentCondition current = condition(status, PROGRESSING);
        if (!hasDeadline(deployment)) {
            status = without(status, PROGRESSING);
        } else if (status.replicas() != status.updatedReplicas() || current == null || !current.reason().equals(COMPLETE)) {
            String who = newest == null ? "Deployment \"" + deployment.metadata().name() + "\"" : "ReplicaSet \"" + newest.metadata().name() + "\"";
            if (complete(deployment, status)) {
                status = set(status, make(PROGRESSING, "True", COMPLETE, who + " has successfully progressed."));
            } else if (moved(before, status)) {
                DeploymentCondition condition = make(PROGRESSING, "True", "ReplicaSetUpdated", who + " is progressing.");
                if (current != null && current.status().equals("True")) {
                    condition = condition.withLastTransitionTime(current.lastTransitionTime());
                }
                status = set(without(status, PROGRESSING), condition);
            } else if (timedOut(deployment, current)) {
                status = set(status, make(PROGRESSING, "False", TIMED_OUT, who + " has timed out progressing."));
            }
        }
        DeploymentCondition failure = failure(newest, all);
        return failure == null ? without(status, FAILURE) : set(status, failure);
    }

    static boolean complete(Deployment deployment, DeploymentStatus status) {
        int replicas = Sizes.replicas(deployment);
        return status.updatedReplicas() == replicas && status.replicas() == replicas && status.availableReplicas() == replicas && status.observedGeneration() >= deployment.metadata().generation();
    }

    private static boolean moved(DeploymentStatus before, DeploymentStatus after) {
        return after.updatedReplicas() > before.updatedReplicas()
                || after.replicas() - after.updatedReplicas() < before.replicas() - before.updatedReplicas()
                || after.readyReplicas() > before.readyReplicas()
                || after.availableReplicas() > before.availableReplicas();
    }

    private boolean timedOut(Deployment deployment, @Nullable DeploymentCondition condition) {
        if (condition == null || condition.reason().equals(COMPLETE)) {
            return false;
        }
        Instant updated = condition.lastUpdateTime();
        return condition.reason().equals(TIMED_OUT) || (updated != null && updated.plusSeconds(deployment.spec().progressDeadlineSeconds()).isBefore(now));
    }

    /// When to look whether the deadline has passed; null when there is nothing to wait for.
    @Nullable Duration untilDeadline(Deployment deployment) {
        DeploymentCondition condition = condition(deployment.status(), PROGRESSING);
        if (!hasDeadline(deployment) || condition == null || condition.reason().equals(TIMED_OUT) || complete(deployment, deployment.status())) {
            return null;
        }
        Instant updated = condition.lastUpdateTime();
        Instant end = (updated == null ? now : updated).plusSeconds(deployment.spec().progressDeadlineSeconds() + 1L);
        return end.isAfter(now) ? Duration.between(now, end) : Duration.ofSeconds(1);
    }

    private static @Nullable DeploymentCondition failure(@Nullable ReplicaSet newest, List<ReplicaSet> all) {
        List<ReplicaSet> newestFirst = new ArrayList<>(all);
        if (newest != null) {
            newestFirst.addFirst(newest);
        }
        for (ReplicaSet set : newestFirst) {
            for (ReplicaSetCondition condition : set.status().conditions()) {
                if (condition.type().equals(FAILURE)) {
                    return DeploymentCondition.EMPTY
                            .withType(FAILURE)
                            .withStatus(condition.status())
                            .withLastTransitionTime(condition.lastTransitionTime())
                            .withLastUpdateTime(condition.lastTransitionTime())
                            .withReason(condition.reason())
                            .withMessage(condition.message());
                }
            }
        }
        return null;
    }

    private DeploymentCondition make(String type, String status, String reason, String message) {
        return DeploymentCondition.EMPTY.withType(type).withStatus(status).withLastUpdateTime(now).withLastTransitionTime(now).withReason(reason).withMessage(message);
    }

    private static DeploymentStatus set(DeploymentStatus status, DeploymentCondition condition) {
        DeploymentCondition before = condition(status, condition.type());
        if (before != null && before.status().equals(condition.status()) && before.reason().equals(condition.reason())) {
            return status;
        }
        DeploymentCondition after = before != null && before.status().equals(condition.status()) ? condition.withLastTransitionTime(before.lastTransitionTime()) : condition;
        List<DeploymentCondition> conditions = new ArrayList<>(without(status, condition.type()).conditions());
        conditions.add(after);
        return status.withConditions(conditions);
    }

    private static DeploymentStatus without(DeploymentStatus status, String type) {
        if (condition(status, type) == null) {
            return status;
        }
        return status.withConditions(status.conditions().stream().filter(c -> !c.type().equals(type)).toList());
    }
}
