package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.DeploymentSpec;
import io.j8s.model.apps.v1.DeploymentStatus;
import io.j8s.model.apps.v1.DeploymentStrategy;
import io.j8s.model.apps.v1.RollingUpdateDeployment;
import java.util.List;

/// The rules for deployments.
final class DeploymentRules {

    private DeploymentRules() {}

    static void rules(Deployment deployment, FieldErrors errors) {
        DeploymentSpec spec = deployment.spec();
        FieldPath path = WorkloadRules.SPEC;
        NumberRules.notNegative(spec.replicas(), path.child("replicas"), errors);
        WorkloadRules.requiredSelector(spec.hasSelector(), spec.selector(), "empty selector is invalid for deployment", errors);
        WorkloadRules.replicaTemplate(spec.hasSelector(), spec.selector(), spec.template(), errors);
        strategy(spec.strategy(), path.child("strategy"), errors);
        NumberRules.notNegative(spec.minReadySeconds(), path.child("minReadySeconds"), errors);
        NumberRules.notNegative(spec.revisionHistoryLimit(), path.child("revisionHistoryLimit"), errors);
        NumberRules.notNegative(spec.progressDeadlineSeconds(), path.child("progressDeadlineSeconds"), errors);
        if (spec.progressDeadlineSeconds() <= spec.minReadySeconds()) {
            errors.invalid(path.child("progressDeadlineSeconds"), spec.progressDeadlineSeconds(), "must be greater than minReadySeconds");
        }
    }

    private static void strategy(DeploymentStrategy strategy, FieldPath path, FieldErrors errors) {
        switch (strategy.type()) {
            case "Recreate" -> {
                if (strategy.hasRollingUpdate()) {
                    errors.forbidden(path.child("rollingUpdate"), "may not be specified when strategy `type` is 'Recreate'");
                }
            }
            case "RollingUpdate" -> rollingUpdate(strategy.rollingUpdate(), path.child("rollingUpdate"), errors);
            default -> errors.notSupported(path, strategy.type(), List.of("Recreate", "RollingUpdate"));
        }
    }

    private static void rollingUpdate(RollingUpdateDeployment rolling, FieldPath path, FieldErrors errors) {
        FieldPath unavailable = path.child("maxUnavailable");
        NumberRules.countOrPercent(rolling.maxUnavailable(), unavailable, errors);
        NumberRules.countOrPercent(rolling.maxSurge(), path.child("maxSurge"), errors);
        if (NumberRules.amount(rolling.maxUnavailable()) == 0 && NumberRules.amount(rolling.maxSurge()) == 0) {
            errors.invalid(unavailable, rolling.maxUnavailable(), "may not be 0 when `maxSurge` is 0");
        }
        NumberRules.atMostAll(rolling.maxUnavailable(), unavailable, errors);
    }

    static void update(Deployment deployment, Deployment old, FieldErrors errors) {
        errors.immutable(WorkloadRules.SPEC.child("selector"), deployment.spec().selector(), old.spec().selector());
    }

    static void status(Deployment deployment, Deployment old, FieldErrors errors) {
        DeploymentStatus status = deployment.status();
        WorkloadRules.notNegative(status.observedGeneration(), "observedGeneration", errors);
        WorkloadRules.notNegative(status.replicas(), "replicas", errors);
        WorkloadRules.notNegative(status.updatedReplicas(), "updatedReplicas", errors);
        WorkloadRules.notNegative(status.readyReplicas(), "readyReplicas", errors);
        WorkloadRules.notNegative(status.availableReplicas(), "availableReplicas", errors);
        WorkloadRules.notNegative(status.unavailableReplicas(), "unavailableReplicas", errors);
        WorkloadRules.notNegative(status.terminatingReplicas(), "terminatingReplicas", errors);
        WorkloadRules.notNegative(status.collisionCount(), "collisionCount", errors);
        WorkloadRules.atMost(status.updatedReplicas(), status.replicas(), "updatedReplicas", "status.replicas", errors);
        WorkloadRules.atMost(status.readyReplicas(), status.replicas(), "readyReplicas", "status.replicas", errors);
        WorkloadRules.atMost(status.availableReplicas(), status.replicas(), "availableReplicas", "status.replicas", errors);
        WorkloadRules.atMost(status.availableReplicas(), status.readyReplicas(), "availableReplicas", "readyReplicas", errors);
        if (old.status().hasCollisionCount()) {
            WorkloadRules.notDecremented(status.hasCollisionCount(), status.collisionCount(), old.status().collisionCount(), errors);
        }
    }
}
