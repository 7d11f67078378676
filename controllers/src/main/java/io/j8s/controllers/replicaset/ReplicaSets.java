package io.j8s.controllers.replicaset;

import io.j8s.model.ApiResource;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.ReplicaSetCondition;
import io.j8s.model.apps.v1.ReplicaSetStatus;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.selector.Selector;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

final class ReplicaSets implements ReplicatedKind<ReplicaSet> {
    private static final String FAILURE = "ReplicaFailure";

    @Override
    public String controller() {
        return "replicaset-controller";
    }

    @Override
    public String component() {
        return "replicaset-controller";
    }

    @Override
    public String queue() {
        return "replicaset";
    }

    @Override
    public ApiResource<ReplicaSet> resource() {
        return ReplicaSet.RESOURCE;
    }

    @Override
    public ObjectMeta metadata(ReplicaSet set) {
        return set.metadata();
    }

    @Override
    public Selector selector(ReplicaSet set) {
        return Selector.of(set.spec().selector());
    }

    @Override
    public PodTemplateSpec template(ReplicaSet set) {
        return set.spec().template();
    }

    @Override
    public int replicas(ReplicaSet set) {
        return set.spec().hasReplicas() ? set.spec().replicas() : 1;
    }

    @Override
    public int minReadySeconds(ReplicaSet set) {
        return set.spec().minReadySeconds();
    }

    @Override
    public ReplicaSet withStatus(ReplicaSet set, ReplicaCounts counts, Failure failure, Instant now) {
        return set.withStatus(status -> status.withReplicas(counts.replicas())
                .withFullyLabeledReplicas(counts.fullyLabeled())
                .withReadyReplicas(counts.ready())
                .withAvailableReplicas(counts.available())
                .withTerminatingReplicas(counts.terminating())
                .withObservedGeneration(set.metadata().generation())
                .withConditions(conditions(status, failure, now)));
    }

    private static List<ReplicaSetCondition> conditions(ReplicaSetStatus status, Failure failure, Instant now) {
        boolean reported = status.conditions().stream().anyMatch(c -> c.type().equals(FAILURE));
        if (reported == !failure.none()) {
            return status.conditions();
        }
        List<ReplicaSetCondition> conditions = new ArrayList<>(status.conditions());
        conditions.removeIf(c -> c.type().equals(FAILURE));
        if (!failure.none()) {
            conditions.add(ReplicaSetCondition.EMPTY.withType(FAILURE).withStatus("True").withLastTransitionTime(now.truncatedTo(ChronoUnit.SECONDS)).withReason(failure.reason()).withMessage(failure.message()));
        }
        return conditions;
    }
}
