package io.j8s.scheduler;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.WriteOptions;
import io.j8s.client.events.EventRecorder;
import io.j8s.model.core.v1.Binding;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.meta.v1.Status;
import io.j8s.runtime.Timeline;
import io.j8s.scheduler.framework.PreBindPlugin;
import io.j8s.scheduler.framework.Profile;
import io.j8s.scheduler.state.NodeInfo;
import io.j8s.scheduler.state.PodInfo;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the scheduler tells the API: bindings, why a pod cannot be placed, and pods that have to go. Called by tasks of their own; blocks.
final class Binder {

    private static final Logger LOG = LoggerFactory.getLogger(Binder.class);
    private static final WriteOptions OPTIONS = WriteOptions.NONE.by("kube-scheduler");
    private static final int TRIES = 5;

    private final Client client;
    private final Timeline timeline;
    private final EventRecorder events;
    private final Profile profile;

    Binder(Client client, Timeline timeline, EventRecorder events, Profile profile) {
        this.client = client;
        this.timeline = timeline;
        this.events = events;
        this.profile = profile;
    }

    /// Binds a pod; answers what went wrong, or null.
    @Nullable RuntimeException bind(PodInfo pod, NodeInfo place) throws InterruptedException {
        String node = place.name();
        try {
            for (PreBindPlugin plugin : profile.preBinds()) {
                plugin.preBind(pod, place);
            }
            ObjectMeta meta = ObjectMeta.EMPTY.withNamespace(pod.namespace()).withName(pod.name()).withUid(pod.uid());
            Binding binding = Binding.EMPTY.withMetadata(meta).withTarget(ObjectReference.EMPTY.withKind("Node").withName(node));
            client.createSubresource(Pod.RESOURCE, pod.namespace(), pod.name(), "binding", binding, Status.TYPE, OPTIONS);
            events.normal(pod.pod(), "Scheduled", "Successfully assigned " + pod + " to " + node);
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }

    /// Whether a binding failed because there is nothing to bind any more.
    static boolean podIsGone(RuntimeException failure) {
        return failure instanceof ApiException api && api.isNotFound();
    }

    /// Tells that a pod cannot be placed: an event, the condition PodScheduled, and the node that room is being made on, if any.
    void reportUnschedulable(Pod pod, String message, String nominatedNode) {
        events.warning(pod, "FailedScheduling", message);
        changeStatus(pod, now -> {
            PodCondition wanted = PodCondition.EMPTY.withType("PodScheduled").withStatus("False").withReason("Unschedulable").withMessage(message);
            Pod changed = now.withStatus(status -> status.withConditions(with(now, wanted)));
            return nominatedNode.isEmpty() ? changed : changed.withStatus(status -> status.withNominatedNodeName(nominatedNode));
        });
    }

    /// Makes a pod go so that another has room.
    void preempt(Pod victim, Pod winner, String node) {
        changeStatus(victim, now -> {
            PodCondition wanted = PodCondition.EMPTY.withType("DisruptionTarget").withStatus("True").withReason("PreemptionByScheduler")
                    .withMessage(winner.spec().schedulerName() + ": preempting to accommodate a higher priority pod");
            return now.withStatus(status -> status.withConditions(with(now, wanted)));
        });
        try {
            client.delete(Pod.RESOURCE, victim.metadata().namespace(), victim.metadata().name(), DeleteOptions.ofUid(victim.metadata().uid()));
            events.normal(victim, "Preempted", "Preempted by pod " + winner.metadata().uid() + " on node " + node);
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                LOG.atError().addKeyValue("pod", victim.metadata().name()).addKeyValue("err", e.getMessage()).log("A pod could not be preempted");
            }
        }
    }

    private void changeStatus(Pod pod, UnaryOperator<Pod> change) {
        Pod now = pod;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Pod changed = change.apply(now);
            if (changed.equals(now)) {
                return;
            }
            try {
                client.update(Pod.RESOURCE, pod.metadata().namespace(), changed, OPTIONS.onSubresource("status"));
                return;
            } catch (ApiException e) {
                if (!e.isConflict()) {
                    report(pod, e);
                    return;
                }
            }
            Pod newest = client.find(Pod.RESOURCE, pod.metadata().namespace(), pod.metadata().name());
            if (newest == null || !newest.metadata().uid().equals(pod.metadata().uid())) {
                return;
            }
            now = newest;
        }
    }

    private static void report(Pod pod, ApiException e) {
        if (!e.isNotFound()) {
            LOG.atError().addKeyValue("pod", pod.metadata().name()).addKeyValue("err", e.getMessage()).log("A pod's status could not be written");
        }
    }

    /// The conditions with this one in its place; its time of transition is kept while the status stays.
    private List<PodCondition> with(Pod pod, PodCondition wanted) {
        List<PodCondition> conditions = new ArrayList<>();
        boolean found = false;
        for (PodCondition condition : pod.status().conditions()) {
            if (condition.type().equals(wanted.type())) {
                found = true;
                Instant since = condition.status().equals(wanted.status()) ? condition.lastTransitionTime() : null;
                conditions.add(wanted.withLastTransitionTime(since == null ? now() : since));
            } else {
                conditions.add(condition);
            }
        }
        if (!found) {
            conditions.add(wanted.withLastTransitionTime(now()));
        }
        return conditions;
    }

    private Instant now() {
        return timeline.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
