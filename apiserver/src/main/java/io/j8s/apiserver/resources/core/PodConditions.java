package io.j8s.apiserver.resources.core;

import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.PodCondition;
import io.j8s.model.core.v1.PodStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The conditions of a pod's status.
final class PodConditions {

    private PodConditions() {}

    static boolean isTrue(Pod pod, String type) {
        return pod.status().conditions().stream().anyMatch(condition -> condition.type().equals(type) && condition.status().equals("True"));
    }

    /// The status with this condition in the place of one of its type; its time of transition is kept when its status is as before.
    static PodStatus updated(PodStatus status, PodCondition condition, Instant now) {
        List<PodCondition> conditions = new ArrayList<>(status.conditions());
        for (int i = 0; i < conditions.size(); i++) {
            PodCondition before = conditions.get(i);
            if (before.type().equals(condition.type())) {
                boolean same = before.status().equals(condition.status());
                conditions.set(i, condition.withLastTransitionTime(same ? before.lastTransitionTime() : now));
                return status.withConditions(conditions);
            }
        }
        conditions.add(condition.withLastTransitionTime(now));
        return status.withConditions(conditions);
    }
}
