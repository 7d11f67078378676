package io.j8s.apiserver.resources.flowcontrol;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.flowcontrol.v1.FlowSchema;
import io.j8s.model.flowcontrol.v1.FlowSchemaCondition;
import io.j8s.model.flowcontrol.v1.FlowSchemaStatus;
import java.util.HashSet;
import java.util.Set;

/// `flowschemas.flowcontrol.apiserver.k8s.io`
final class FlowSchemas {

    private static final int DEFAULT_PRECEDENCE = 1000;
    private static final Set<String> FIXED = Set.of("exempt", "catch-all");

    private FlowSchemas() {}

    static Resource<FlowSchema> resource() {
        return Resource.of(FlowSchema.RESOURCE)
                .metadataUpdateNotRevalidated()
                .defaults(schema -> schema.spec().matchingPrecedence() == 0 ? schema.withSpec(s -> s.withMatchingPrecedence(DEFAULT_PRECEDENCE)) : schema)
                .generationOfSpec()
                .rules((schema, errors) -> FlowSchemaRules.check(schema.metadata().name(), schema.spec(), errors))
                .createRules((schema, errors) -> {
                    if (FIXED.contains(schema.metadata().name()) && FixedObjects.named(FlowSchema.RESOURCE, schema.metadata().name()) instanceof FlowSchema fixed) {
                        fixed(schema, fixed, errors);
                    }
                })
                .updateRules(FlowSchemas::fixed)
                .afterWrite(DanglingCondition::afterSchema)
                .status((schema, old, errors) -> statusRules(schema.status(), errors))
                .table(table -> table
                        .nameColumn()
                        .column("PriorityLevel", "string", "The priority level of its requests.", (schema, now) -> schema.spec().priorityLevelConfiguration().name())
                        .column("MatchingPrecedence", "string", "Among schemas that match a request, the one with the lowest number is taken.",
                                (schema, now) -> schema.spec().matchingPrecedence())
                        .column("DistinguisherMethod", "string", "How flows are told apart.",
                                (schema, now) -> schema.spec().hasDistinguisherMethod() ? schema.spec().distinguisherMethod().type() : "<none>")
                        .ageColumn()
                        .column("MissingPL", "string", "Whether there is no such priority level.", (schema, now) -> dangling(schema.status())))
                .build();
    }

    private static String dangling(FlowSchemaStatus status) {
        return status.conditions().stream().filter(c -> c.type().equals("Dangling")).map(FlowSchemaCondition::status).findFirst().orElse("?");
    }

    private static void fixed(FlowSchema schema, FlowSchema old, FieldErrors errors) {
        if (FIXED.contains(schema.metadata().name()) && !schema.spec().equals(old.spec())) {
            errors.invalid(FieldPath.of("spec"), schema.spec(), "spec of '" + schema.metadata().name() + "' must equal the fixed value");
        }
    }

    private static void statusRules(FlowSchemaStatus status, FieldErrors errors) {
        Set<String> types = new HashSet<>();
        for (int i = 0; i < status.conditions().size(); i++) {
            String type = status.conditions().get(i).type();
            FieldPath path = FieldPath.of("status").child("conditions").index(i).child("type");
            if (!types.add(type)) {
                errors.duplicate(path, type);
            }
            if (type.isEmpty()) {
                errors.required(path);
            }
        }
    }
}
