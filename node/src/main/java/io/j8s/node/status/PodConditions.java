package io.j8s.node.status;

import io.j8s.model.core.v1.PodCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// Lists of pod conditions (API reference, "PodCondition").
public final class PodConditions {
    public static final String READY_TO_START = "PodReadyToStartContainers";
    public static final String INITIALIZED = "Initialized";
    public static final String READY = "Ready";
    public static final String CONTAINERS_READY = "ContainersReady";
    public static final String SCHEDULED = "PodScheduled";
    public static final String RESIZING = "PodResizeInProgress";
    public static final String RESIZE_PENDING = "PodResizePending";
    public static final String STARTING_OVER = "AllContainersRestarting";
    public static final String DISRUPTED = "DisruptionTarget";
    /// Those that go when they hold no more.
    static final List<String> PASSING = List.of(RESIZING, RESIZE_PENDING);
    private static final List<String> OWN = List.of(READY_TO_START, INITIALIZED, READY, CONTAINERS_READY, SCHEDULED, STARTING_OVER);

    private PodConditions() {}

    public static PodCondition of(String type, boolean status, String reason, String message) {
        PodCondition condition = PodCondition.EMPTY.withType(type).withStatus(status ? "True" : "False");
        condition = reason.isEmpty() ? condition : condition.withReason(reason);
        return message.isEmpty() ? condition : condition.withMessage(message);
    }

    /// Whether a condition of this type is there and true.
    public static boolean isTrue(List<PodCondition> conditions, String type) {
        return conditions.stream().anyMatch(c -> c.type().equals(type) && c.status().equals("True"));
    }

    /// The node agent's conditions behind those of others; a condition whose status did not change keeps the time of its transition.
    ///
    /// @param before what the pod has
    /// @param now what the node agent says, with a status but without times
    public static List<PodCondition> merged(List<PodCondition> before, List<PodCondition> now, long generation, Instant time) {
        Instant seconds = time.truncatedTo(ChronoUnit.SECONDS);
        List<PodCondition> merged = new ArrayList<>();
        for (PodCondition condition : before) {
            if (!OWN.contains(condition.type()) && !PASSING.contains(condition.type()) && now.stream().noneMatch(n -> n.type().equals(condition.type()))) {
                merged.add(condition);
            }
        }
        for (PodCondition condition : now) {
            Instant since = before.stream()
                    .filter(b -> b.type().equals(condition.type()) && b.status().equals(condition.status()) && b.hasLastTransitionTime())
                    .findFirst().map(PodCondition::lastTransitionTime).orElse(seconds);
            PodCondition timed = condition.withLastTransitionTime(since);
            merged.add(generation > 0 ? timed.withObservedGeneration(generation) : timed);
        }
        return merged;
    }
}
