package io.j8s.controllers.disruption;

import io.j8s.client.ObjectKey;
import io.j8s.client.events.EventRecorder;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.client.loop.ControllerLoop;
import io.j8s.client.loop.Outcome;
import io.j8s.client.queue.WorkQueue;
import io.j8s.controllers.frame.Context;
import io.j8s.controllers.frame.Controller;
import io.j8s.controllers.nodes.PodStatuses;
import io.j8s.controllers.pods.Pods;
import io.j8s.controllers.pods.PodsByLabel;
import io.j8s.model.IntOrString;
import io.j8s.model.Struct;
import io.j8s.model.apps.v1.Deployment;
import io.j8s.model.apps.v1.ReplicaSet;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.ReplicationController;
import io.j8s.model.meta.v1.Condition;
import io.j8s.model.policy.v1.PodDisruptionBudget;
import io.j8s.model.policy.v1.PodDisruptionBudgetStatus;
import io.j8s.model.selector.Selector;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Watches budgets, pods and what controls pods. A second loop takes back the announcement of a disruption that did not come.
public final class DisruptionController implements Controller {
    private static final Duration LONGEST_REST = Duration.ofMillis(100);
    private static final Duration DELETION_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration STALE_DISRUPTION = Duration.ofMinutes(2);

    private static final String FAILED = "SyncFailed";

    private final Context context;
    private final Informer<PodDisruptionBudget> budgets;
    private final Informer<Pod> pods;
    private final PodsByLabel podsByLabel;
    private final ExpectedScale scale;
    private final WorkQueue<ObjectKey> queue;
    private final WorkQueue<ObjectKey> stale;
    private final ControllerLoop<ObjectKey> loop;
    private final ControllerLoop<ObjectKey> staleLoop;
    private final EventRecorder events;

    /// @param expected how many pods there should be
    /// @param healthy how many of them have to be healthy
    private record Wanted(int expected, int healthy) {}

    public DisruptionController(Context context, int workers) {
        this.context = context;
        this.budgets = context.informers().of(PodDisruptionBudget.RESOURCE);
        this.pods = context.informers().of(Pod.RESOURCE);
        this.podsByLabel = PodsByLabel.of(pods);
        this.scale = new ExpectedScale(context);
        this.queue = context.queue("disruption");
        this.stale = context.queue("stale_pod_disruption");
        this.loop = new ControllerLoop<>(context.time(), queue, workers, this::reconcile).resting(10, LONGEST_REST);
        this.staleLoop = new ControllerLoop<>(context.time(), stale, workers, this::takeBack);
        this.events = context.recorder("controllermanager");
        budgets.addHandler(Handler.each(budget -> queue.add(key(budget))));
        pods.addHandler(new PodEvents());
        follow(context.informers().of(Deployment.RESOURCE), deployment -> addMatching(deployment.metadata().namespace(), deployment.spec().template().metadata().labels()));
        follow(context.informers().of(ReplicaSet.RESOURCE), set -> addMatching(set.metadata().namespace(), set.spec().template().metadata().labels()));
        follow(context.informers().of(StatefulSet.RESOURCE), set -> addMatching(set.metadata().namespace(), set.spec().template().metadata().labels()));
        follow(context.informers().of(ReplicationController.RESOURCE), set -> addMatching(set.metadata().namespace(), set.spec().template().metadata().labels()));
    }

    private static <T extends Struct> void follow(Informer<T> informer, java.util.function.Consumer<T> action) {
        informer.addHandler(Handler.each(action));
    }

    @Override
    public void start() {
        loop.start();
        staleLoop.start();
    }

    @Override
    public void close() {
        loop.close();
        staleLoop.close();
        events.close();
    }

    private Outcome reconcile(ObjectKey key) {
        PodDisruptionBudget budget = budgets.lister().get(key);
        if (budget == null) {
            return Outcome.DONE;
        }
        Selector selector = Selector.of(budget.spec().selector());
        List<Pod> selected = budget.spec().hasSelector() ? podsByLabel.matching(key.namespace(), selector) : List.of();
        if (selected.isEmpty()) {
            events.normal(budget, "NoPods", "No matching pods found");
        }
        Wanted wanted;
        try {
            wanted = wanted(budget, selected);
        } catch (ExpectedScale.UnknownScaleException | IllegalArgumentException e) {
            events.warning(budget, "CalculateExpectedPodCountFailed", "Failed to calculate the number of expected pods: " + e.getMessage());
            write(budget, failed(budget, String.valueOf(e.getMessage())));
            return Outcome.DONE;
        }
        Instant now = context.time().now();
        Map<String, Instant> disrupted = disrupted(budget, selected, now);
        int healthy = (int) selected.stream().filter(pod -> pod.metadata().deletionTimestamp() == null && !disrupted.containsKey(pod.metadata().name()) && Pods.ready(pod)).count();
        write(budget, status(budget, wanted, healthy, disrupted, now));
        Instant next = disrupted.values().stream().min(Instant::compareTo).orElse(null);
        return next == null ? Outcome.DONE : Outcome.retryAfter(Duration.between(now, next.plus(DELETION_TIMEOUT)).plusMillis(1));
    }

    private Wanted wanted(PodDisruptionBudget budget, List<Pod> selected) {
        IntOrString most = budget.spec().maxUnavailable();
        IntOrString least = budget.spec().minAvailable();
        if (most == null && least instanceof IntOrString.Int number) {
            return new Wanted(selected.size(), number.value());
        }
        if (most == null && least == null) {
            return new Wanted(0, 0);
        }
        ExpectedScale.Result expected = scale.of(selected);
        if (!expected.unmanaged().isEmpty()) {
            events.warning(budget, "UnmanagedPods", "Pods selected by this PodDisruptionBudget (selector: " + GoText.of(budget.spec().selector()) + ") were found to be unmanaged. As a result, the status of the PDB cannot be "
                    + "calculated correctly, which may result in undefined behavior. To account for these pods please set \".spec.minAvailable\" field of the PDB to an integer value.");
        }
        int healthy = most != null ? Math.max(0, expected.pods() - most.scaled(expected.pods(), true)) : least == null ? 0 : least.scaled(expected.pods(), true);
        return new Wanted(expected.pods(), healthy);
    }

    /// The pods whose eviction was allowed, as long as they may still be about to go.
    private Map<String, Instant> disrupted(PodDisruptionBudget budget, List<Pod> selected, Instant now) {
        Map<String, Instant> result = new LinkedHashMap<>();
        for (Pod pod : selected) {
            Instant time = budget.status().disruptedPods().get(pod.metadata().name());
            if (time == null || pod.metadata().deletionTimestamp() != null) {
                continue;
            }
            if (time.plus(DELETION_TIMEOUT).isBefore(now)) {
                events.warning(pod, "NotDeleted", "Pod was expected by PDB " + key(budget) + " to be deleted but it wasn't");
            } else {
                result.put(pod.metadata().name(), time);
            }
        }
        return result;
    }

    private static PodDisruptionBudgetStatus status(PodDisruptionBudget budget, Wanted wanted, int healthy, Map<String, Instant> disrupted, Instant now) {
        int allowed = wanted.expected <= 0 ? 0 : Math.max(0, healthy - wanted.healthy);
        PodDisruptionBudgetStatus status = budget.status()
                .withCurrentHealthy(healthy)
                .withDesiredHealthy(wanted.healthy)
                .withExpectedPods(wanted.expected)
                .withDisruptionsAllowed(allowed)
                .withObservedGeneration(budget.metadata().generation());
        status = disrupted.isEmpty() ? status.withoutDisruptedPods() : status.withDisruptedPods(disrupted);
        return status.withConditions(conditions(budget, allowed > 0 ? "True" : "False", allowed > 0 ? "SufficientPods" : "InsufficientPods", "", now));
    }

    private PodDisruptionBudgetStatus failed(PodDisruptionBudget budget, String message) {
        return budget.status().withDisruptionsAllowed(0).withConditions(conditions(budget, "False", FAILED, message, context.time().now()));
    }

    private static List<Condition> conditions(PodDisruptionBudget budget, String status, String reason, String message, Instant now) {
        Condition before = budget.status().conditions().stream().filter(c -> c.type().equals("DisruptionAllowed")).findFirst().orElse(null);
        Instant since = before != null && before.status().equals(status) ? before.lastTransitionTime() : null;
        Condition condition = Condition.EMPTY
                .withType("DisruptionAllowed")
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since == null ? now.truncatedTo(ChronoUnit.SECONDS) : since);
        // a failure says nothing of the generation
        Condition observed = reason.equals(FAILED) ? condition : condition.withObservedGeneration(budget.metadata().generation());
        List<Condition> conditions = new ArrayList<>(budget.status().conditions().stream().filter(c -> !c.type().equals("DisruptionAllowed")).toList());
        conditions.add(observed);
        return conditions;
    }

    private void write(PodDisruptionBudget budget, PodDisruptionBudgetStatus status) {
        if (!status.equals(budget.status())) {
            context.client().updateStatus(PodDisruptionBudget.RESOURCE, budget.metadata().namespace(), budget.withStatus(status));
        }
    }

    private Outcome takeBack(ObjectKey key) {
        Pod pod = pods.lister().get(key);
        Duration left = pod == null ? null : untilStale(pod);
        if (pod == null || left == null) {
            return Outcome.DONE;
        }
        if (left.isPositive()) {
            return Outcome.retryAfter(left);
        }
        PodStatuses.set(context.client(), pod, "", "DisruptionTarget", "False", "", "", context.time().now());
        return Outcome.DONE;
    }

    /// How long until the announced disruption of a pod counts as called off; null when none is announced.
    private @Nullable Duration untilStale(Pod pod) {
        PodCondition condition = Pods.condition(pod, "DisruptionTarget");
        if (pod.metadata().deletionTimestamp() != null || Pods.finished(pod) || condition == null || !condition.status().equals("True") || condition.reason().equals("TerminationByKubelet")) {
            return null;
        }
        Instant since = condition.lastTransitionTime();
        return since == null ? Duration.ZERO : Duration.between(context.time().now(), since.plus(STALE_DISRUPTION));
    }

    /// The budgets that a pod with these labels belongs to: they are looked at anew.
    private List<PodDisruptionBudget> addMatching(String namespace, Map<String, String> labels) {
        List<PodDisruptionBudget> matching = budgets.lister().list(namespace).stream().filter(budget -> budget.spec().hasSelector() && Selector.of(budget.spec().selector()).matches(labels)).toList();
        matching.forEach(budget -> queue.add(key(budget)));
        return matching;
    }

    private static ObjectKey key(PodDisruptionBudget budget) {
        return new ObjectKey(budget.metadata().namespace(), budget.metadata().name());
    }

    private final class PodEvents implements Handler<Pod> {
        @Override
        public void added(Pod pod) {
            List<PodDisruptionBudget> matching = addMatching(pod.metadata().namespace(), pod.metadata().labels());
            if (matching.size() > 1 && pod.metadata().deletionTimestamp() == null) {
                events.warning(pod, "MultiplePodDisruptionBudgets", "Pod \"" + pod.metadata().namespace() + "\"/\"" + pod.metadata().name() + "\" matches multiple PodDisruptionBudgets.  Chose \"" + matching.getFirst().metadata().name() + "\" arbitrarily.");
            }
            if (untilStale(pod) != null) {
                stale.add(new ObjectKey(pod.metadata().namespace(), pod.metadata().name()));
            }
        }

        @Override
        public void changed(Pod before, Pod after) {
            added(after);
            if (!before.metadata().labels().equals(after.metadata().labels())) {
                addMatching(before.metadata().namespace(), before.metadata().labels());
            }
        }

        @Override
        public void deleted(Pod last) {
            addMatching(last.metadata().namespace(), last.metadata().labels());
        }
    }
}
