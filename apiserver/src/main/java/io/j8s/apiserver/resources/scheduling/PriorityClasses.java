package io.j8s.apiserver.resources.scheduling;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.scheduling.v1.PriorityClass;
import java.util.Map;
import java.util.Set;

/// `priorityclasses.scheduling.k8s.io`
final class PriorityClasses {

    private static final String SYSTEM_PREFIX = "system-";
    private static final int HIGHEST_OF_USERS = 1_000_000_000;
    private static final Map<String, Integer> SYSTEM_CLASSES = Map.of("system-node-critical", 2_000_001_000, "system-cluster-critical", 2_000_000_000);

    private PriorityClasses() {}

    static Resource<PriorityClass> resource() {
        return Resource.of(PriorityClass.RESOURCE)
                .shortNames("pc")
                .metadataNotRevalidated()
                .defaults(priority -> priority.hasPreemptionPolicy() ? priority : priority.withPreemptionPolicy("PreemptLowerPriority"))
                .generation((priority, old) -> false)
                .createRules(PriorityClasses::createRules)
                .updateRules(PriorityClasses::updateRules)
                .removalRules(priority -> keepSystemClasses(priority.metadata().name()))
                .table(table -> table
                        .nameColumn()
                        .column("Value", "integer", "value represents the integer value of this priority class.", (priority, now) -> priority.value())
                        .column("Global-Default", "boolean", "globalDefault specifies whether this class is the default of pods that name none.", (priority, now) -> priority.globalDefault())
                        .ageColumn()
                        .column("PreemptionPolicy", "string", "preemptionPolicy is the policy for preempting pods with lower priority.", (priority, now) -> priority.preemptionPolicy()))
                .build();
    }

    private static void keepSystemClasses(String name) {
        if (SYSTEM_CLASSES.containsKey(name)) {
            throw Refusal.forbidden("scheduling.k8s.io", "priorityclasses", name, "this is a system priority class and cannot be deleted");
        }
    }

    private static void createRules(PriorityClass priority, FieldErrors errors) {
        String name = priority.metadata().name();
        if (name.startsWith(SYSTEM_PREFIX)) {
            Integer value = SYSTEM_CLASSES.get(name);
            if (value == null || value != priority.value() || priority.globalDefault()) {
                errors.forbidden(FieldPath.of("metadata").child("name"), "names that begin with \"" + SYSTEM_PREFIX + "\" are kept for the system's own classes and their values");
            }
        } else if (priority.value() > HIGHEST_OF_USERS) {
            errors.forbidden(FieldPath.of("value"), "maximum allowed value of a user defined priority is " + HIGHEST_OF_USERS);
        }
        Set<String> policies = Set.of("PreemptLowerPriority", "Never");
        if (priority.preemptionPolicy().isEmpty()) {
            errors.required(FieldPath.of("preemptionPolicy"));
        } else if (!policies.contains(priority.preemptionPolicy())) {
            errors.notSupported(FieldPath.of("preemptionPolicy"), priority.preemptionPolicy(), policies);
        }
    }

    private static void updateRules(PriorityClass priority, PriorityClass old, FieldErrors errors) {
        if (priority.value() != old.value()) {
            errors.forbidden(FieldPath.of("value"), "may not be changed in an update.");
        }
        errors.immutable(FieldPath.of("preemptionPolicy"), priority.preemptionPolicy(), old.preemptionPolicy());
    }
}
