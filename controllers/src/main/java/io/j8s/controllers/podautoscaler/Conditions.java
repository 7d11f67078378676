package io.j8s.controllers.podautoscaler;

import io.j8s.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.j8s.model.autoscaling.v2.HorizontalPodAutoscalerCondition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// The conditions of one autoscaler while it is looked at.
final class Conditions {
    private final List<HorizontalPodAutoscalerCondition> conditions;
    private final Instant now;

    Conditions(HorizontalPodAutoscaler autoscaler, Instant now) {
        this.conditions = new ArrayList<>(autoscaler.status().conditions());
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    void set(String type, boolean status, String reason, String message) {
        String word = status ? "True" : "False";
        for (int i = 0; i < conditions.size(); i++) {
            HorizontalPodAutoscalerCondition before = conditions.get(i);
            if (before.type().equals(type)) {
                HorizontalPodAutoscalerCondition after = before.withStatus(word).withReason(reason).withMessage(message);
                conditions.set(i, before.status().equals(word) ? after : after.withLastTransitionTime(now));
                return;
            }
        }
        conditions.add(HorizontalPodAutoscalerCondition.EMPTY.withType(type).withStatus(word).withReason(reason).withMessage(message).withLastTransitionTime(now));
    }

    List<HorizontalPodAutoscalerCondition> list() {
        return List.copyOf(conditions);
    }
}
