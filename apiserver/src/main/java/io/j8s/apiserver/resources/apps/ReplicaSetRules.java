package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.ReplicaSetSpec;
import io.j8s.model.apps.v1.ReplicaSetStatus;

/// The rules for replica sets.
final class ReplicaSetRules {

    private ReplicaSetRules() {}

    static void rules(ReplicaSet set, FieldErrors errors) {
        ReplicaSetSpec spec = set.spec();
        NumberRules.notNegative(spec.replicas(), WorkloadRules.SPEC.child("replicas"), errors);
        NumberRules.notNegative(spec.minReadySeconds(), WorkloadRules.SPEC.child("minReadySeconds"), errors);
        WorkloadRules.requiredSelector(spec.hasSelector(), spec.selector(), "empty selector is invalid for deployment", errors);
        WorkloadRules.replicaTemplate(spec.hasSelector(), spec.selector(), spec.template(), errors);
    }

    static void update(ReplicaSet set, ReplicaSet old, FieldErrors errors) {
        errors.immutable(WorkloadRules.SPEC.child("selector"), set.spec().selector(), old.spec().selector());
    }

    static void status(ReplicaSet set, ReplicaSet old, FieldErrors errors) {
        ReplicaSetStatus status = set.status();
        WorkloadRules.notNegative(status.replicas(), "replicas", errors);
        WorkloadRules.notNegative(status.fullyLabeledReplicas(), "fullyLabeledReplicas", errors);
        WorkloadRules.notNegative(status.readyReplicas(), "readyReplicas", errors);
        WorkloadRules.notNegative(status.availableReplicas(), "availableReplicas", errors);
        WorkloadRules.notNegative(status.observedGeneration(), "observedGeneration", errors);
        WorkloadRules.notNegative(status.terminatingReplicas(), "terminatingReplicas", errors);
        WorkloadRules.atMost(status.fullyLabeledReplicas(), status.replicas(), "fullyLabeledReplicas", "status.replicas", errors);
        WorkloadRules.atMost(status.readyReplicas(), status.replicas(), "readyReplicas", "status.replicas", errors);
        WorkloadRules.atMost(status.availableReplicas(), status.replicas(), "availableReplicas", "status.replicas", errors);
        WorkloadRules.atMost(status.availableReplicas(), status.readyReplicas(), "availableReplicas", "readyReplicas", errors);
    }
}
