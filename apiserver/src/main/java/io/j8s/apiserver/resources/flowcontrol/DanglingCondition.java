package io.j8s.apiserver.resources.flowcontrol;

import io.j8s.apiserver.resource.Upkeep;
import io.j8s.model.flowcontrol.v1.FlowSchema;
import io.j8s.model.flowcontrol.v1.FlowSchemaCondition;
import io.j8s.model.flowcontrol.v1.FlowSchemaStatus;
import io.j8s.model.flowcontrol.v1.PriorityLevelConfiguration;
import io.j8s.model.meta.v1.ObjectMeta;
import java.util.List;

/// Says in each flow schema's status whether its priority level is there.
final class DanglingCondition {

    private static final String MANAGER = "api-priority-and-fairness-config-consumer-v1";
    private static final String TYPE = "Dangling";

    private DanglingCondition() {}

    static void afterLevel(PriorityLevelConfiguration level, Upkeep upkeep) {
        for (FlowSchema schema : upkeep.state().list(FlowSchema.RESOURCE, "")) {
            if (schema.spec().priorityLevelConfiguration().name().equals(level.metadata().name())) {
                afterSchema(schema, upkeep);
            }
        }
    }

    static void afterSchema(FlowSchema schema, Upkeep upkeep) {
        FlowSchema now = upkeep.state().get(FlowSchema.RESOURCE, "", schema.metadata().name());
        if (now == null) {
            return;
        }
        String level = now.spec().priorityLevelConfiguration().name();
        boolean there = upkeep.state().get(PriorityLevelConfiguration.RESOURCE, "", level) != null;
        FlowSchemaCondition condition = FlowSchemaCondition.EMPTY
                .withType(TYPE)
                .withStatus(there ? "False" : "True")
                .withReason(there ? "Found" : "NotFound")
                .withMessage("This FlowSchema references the PriorityLevelConfiguration object named \"" + level + "\" " + (there ? "and it exists" : "but there is no such object"))
                .withLastTransitionTime(upkeep.now());
        boolean said = now.status().conditions().stream()
                .anyMatch(old -> old.withLastTransitionTime(upkeep.now()).equals(condition));
        if (!said) {
            upkeep.applyStatus(FlowSchema.RESOURCE, FlowSchema.EMPTY
                    .withMetadata(ObjectMeta.EMPTY.withName(now.metadata().name()))
                    .withStatus(FlowSchemaStatus.EMPTY.withConditions(List.of(condition))), MANAGER);
        }
    }
}
