package io.j8s.scheduler;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.Patch;
import io.j8s.client.WriteOptions;
import io.j8s.model.Json;
import io.j8s.model.core.v1.Binding;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.Status;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.framework.BindPlugin;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the scheduler writes about pods: bindings (the plugin DefaultBinder), conditions, and pods that have to go. Called by tasks of their own; blocks.
final class PodWrites implements BindPlugin {

    private static final Logger LOG = LoggerFactory.getLogger(PodWrites.class);
    private static final WriteOptions OPTIONS = WriteOptions.NONE.by("kube-scheduler");

    private final Client client;
    private final Timeline timeline;

    PodWrites(Client client, Timeline timeline) {
        this.client = client;
        this.timeline = timeline;
    }

    @Override
    public String name() {
        return "DefaultBinder";
    }

    @Override
    public boolean bind(PodInfo pod, NodeInfo node) {
        ObjectMeta meta = ObjectMeta.EMPTY.withNamespace(pod.namespace()).withName(pod.name()).withUid(pod.uid());
        Binding binding = Binding.EMPTY.withMetadata(meta).withTarget(ObjectReference.EMPTY.withKind("Node").withName(node.name()));
        client.createSubresource(Pod.RESOURCE, pod.namespace(), pod.name(), "binding", binding, Status.TYPE, OPTIONS);
        return true;
    }

    /// Whether something failed because the pod is gone.
    static boolean podIsGone(Throwable failure) {
        return failure instanceof ApiException api && api.isNotFound();
    }

    /// Tells that a pod is not placed, and why.
    ///
    /// @param reason `Unschedulable` or `SchedulerError`
    /// @param nominatedNode the node that room is being made on; empty: none any more; null: as before
    void notScheduled(Pod pod, String reason, String message, @Nullable String nominatedNode) {
        PodCondition wanted = condition(pod, "PodScheduled", "False", reason, message);
        boolean same = pod.status().conditions().stream().anyMatch(now -> now.type().equals(wanted.type()) && now.status().equals(wanted.status())
                && now.reason().equals(reason) && now.message().equals(message) && now.observedGeneration() == wanted.observedGeneration());
        boolean moves = nominatedNode != null && !nominatedNode.equals(pod.status().nominatedNodeName());
        if (same && !moves) {
            return;
        }
        patch(pod, same ? null : wanted, moves ? nominatedNode : null);
    }

    /// Tells where a pod will be bound once that is possible.
    void expect(PodInfo pod, String node) {
        if (!node.equals(pod.pod().status().nominatedNodeName())) {
            patch(pod.pod(), null, node);
        }
    }

    /// Takes back the promise of a node.
    void clearNomination(Pod pod) {
        if (!pod.status().nominatedNodeName().isEmpty()) {
            patch(pod, null, "");
        }
    }

    /// Makes a pod go so that another has room.
    ///
    /// @throws ApiException when it could not be deleted
    void preempt(Pod victim, Pod winner) {
        boolean marked = victim.status().conditions().stream().anyMatch(one -> one.type().equals("DisruptionTarget") && one.status().equals("True"));
        if (!marked) {
            patch(victim, condition(victim, "DisruptionTarget", "True", "PreemptionByScheduler",
                    winner.spec().schedulerName() + ": preempting to accommodate a higher priority pod"), null);
        }
        try {
            client.delete(Pod.RESOURCE, victim.metadata().namespace(), victim.metadata().name(), DeleteOptions.ofUid(victim.metadata().uid()));
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
        }
    }

    private PodCondition condition(Pod pod, String type, String status, String reason, String message) {
        Instant since = pod.status().conditions().stream().filter(one -> one.type().equals(type) && one.status().equals(status))
                .map(PodCondition::lastTransitionTime).filter(Objects::nonNull).findFirst().orElse(timeline.now().truncatedTo(ChronoUnit.SECONDS));
        PodCondition condition = PodCondition.EMPTY.withType(type).withStatus(status).withReason(reason).withMessage(message).withLastTransitionTime(since);
        return pod.metadata().generation() > 0 ? condition.withObservedGeneration(pod.metadata().generation()) : condition;
    }

    private void patch(Pod pod, @Nullable PodCondition condition, @Nullable String nominatedNode) {
        Pod change = Pod.EMPTY.withMetadata(ObjectMeta.EMPTY.withUid(pod.metadata().uid()));
        if (condition != null) {
            change = change.withStatus(status -> status.withConditions(List.of(condition)));
        }
        String text = Json.text(change.withStatus(status -> nominatedNode == null || nominatedNode.isEmpty() ? status : status.withNominatedNodeName(nominatedNode)));
        if (nominatedNode != null && nominatedNode.isEmpty()) {
            text = condition == null
                    ? text.substring(0, text.length() - 1) + ",\"status\":{\"nominatedNodeName\":null}}"
                    : text.replace("\"status\":{", "\"status\":{\"nominatedNodeName\":null,");
        }
        try {
            client.patch(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name(), new Patch.Strategic(text), OPTIONS.onSubresource("status"));
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                LOG.atError().addKeyValue("pod", pod.metadata().namespace() + "/" + pod.metadata().name()).addKeyValue("err", e.getMessage()).log("Error updating pod");
            }
        }
    }
}
