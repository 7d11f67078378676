package io.j8s.controllers.replicaset;

import io.j8s.model.ApiResource;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.core.v1.ReplicationController;
import io.j8s.model.core.v1.ReplicationControllerCondition;
import io.j8s.model.core.v1.ReplicationControllerStatus;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.selector.Selector;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

final class ReplicationControllers implements ReplicatedKind<ReplicationController> {
    private static final String FAILURE = "ReplicaFailure";

    @Override
    public String controller() {
        return "replicationcontroller-controller";
    }

    @Override
    public String component() {
        return "replication-controller";
    }

    @Override
    public String queue() {
        return "replicationmanager";
    }

    @Override
    public ApiResource<ReplicationController> resource() {
        return ReplicationController.RESOURCE;
    }

    @Override
    public ObjectMeta metadata(ReplicationController controller) {
        return controller.metadata();
    }

    @Override
    public Selector selector(ReplicationController controller) {
        return controller.spec().selector().isEmpty() ? Selector.nothing() : Selector.ofLabels(controller.spec().selector());
    }

    @Override
    public PodTemplateSpec template(ReplicationController controller) {
        return controller.spec().template();
    }

    @Override
    public int replicas(ReplicationController controller) {
        return controller.spec().hasReplicas() ? controller.spec().replicas() : 1;
    }

    @Override
    public int minReadySeconds(ReplicationController controller) {
        return controller.spec().minReadySeconds();
    }

    @Override
    public ReplicationController withStatus(ReplicationController controller, ReplicaCounts counts, Failure failure, Instant now) {
        return controller.withStatus(status -> status.withReplicas(counts.replicas())
                .withFullyLabeledReplicas(counts.fullyLabeled())
                .withReadyReplicas(counts.ready())
                .withAvailableReplicas(counts.available())
                .withObservedGeneration(controller.metadata().generation())
                .withConditions(conditions(status, failure, now)));
    }

    private static List<ReplicationControllerCondition> conditions(ReplicationControllerStatus status, Failure failure, Instant now) {
        boolean reported = status.conditions().stream().anyMatch(c -> c.type().equals(FAILURE));
        if (reported == !failure.none()) {
            return status.conditions();
        }
        List<ReplicationControllerCondition> conditions = new ArrayList<>(status.conditions());
        conditions.removeIf(c -> c.type().equals(FAILURE));
        if (!failure.none()) {
            conditions.add(ReplicationControllerCondition.EMPTY.withType(FAILURE).withStatus("True").withLastTransitionTime(now.truncatedTo(ChronoUnit.SECONDS)).withReason(failure.reason()).withMessage(failure.message()));
        }
        return conditions;
    }
}
