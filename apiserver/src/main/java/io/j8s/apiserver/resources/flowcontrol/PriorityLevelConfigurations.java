package io.j8s.apiserver.resources.flowcontrol;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.flowcontrol.v1.PriorityLevelConfiguration;
import io.j8s.model.flowcontrol.v1.PriorityLevelConfigurationSpec;
import io.j8s.model.flowcontrol.v1.PriorityLevelConfigurationStatus;
import io.j8s.model.flowcontrol.v1.QueuingConfiguration;
import java.util.HashSet;
import java.util.Set;

/// `prioritylevelconfigurations.flowcontrol.apiserver.k8s.io`
final class PriorityLevelConfigurations {

    private static final String EXEMPT = "exempt";
    private static final String NONE = "<none>";
    private static final int DEFAULT_SHARES = 30;
    private static final int DEFAULT_QUEUES = 64;
    private static final int DEFAULT_HAND_SIZE = 8;
    private static final int DEFAULT_QUEUE_LENGTH = 50;

    private PriorityLevelConfigurations() {}

    static Resource<PriorityLevelConfiguration> resource() {
        return Resource.of(PriorityLevelConfiguration.RESOURCE)
                .metadataUpdateNotRevalidated()
                .defaults(level -> level.withSpec(defaults(level.spec())))
                .generationOfSpec()
                .rules((level, errors) -> PriorityLevelRules.check(level.metadata().name(), level.metadata().annotations(), level.spec(), errors))
                .createRules((level, errors) -> {
                    if (FixedObjects.named(PriorityLevelConfiguration.RESOURCE, level.metadata().name()) instanceof PriorityLevelConfiguration fixed) {
                        fixed(level, fixed, errors);
                    }
                })
                .updateRules(PriorityLevelConfigurations::fixed)
                .afterWrite(DanglingCondition::afterLevel)
                .status((level, old, errors) -> statusRules(level.status(), errors))
                .table(table -> table
                        .nameColumn()
                        .column("Type", "string", "Whether it limits requests.", (level, now) -> level.spec().type())
                        .column("NominalConcurrencyShares", "string", "Its share of the server.",
                                (level, now) -> level.spec().hasLimited() ? level.spec().limited().nominalConcurrencyShares() : NONE)
                        .column("Queues", "string", "How many queues it has.", (level, now) -> queues(level) ? queuing(level).queues() : NONE)
                        .column("HandSize", "string", "To how many queues a flow may go.", (level, now) -> queues(level) ? queuing(level).handSize() : NONE)
                        .column("QueueLengthLimit", "string", "How many requests a queue holds.", (level, now) -> queues(level) ? queuing(level).queueLengthLimit() : NONE)
                        .ageColumn())
                .build();
    }

    private static boolean queues(PriorityLevelConfiguration level) {
        return level.spec().limited().limitResponse().hasQueuing();
    }

    private static QueuingConfiguration queuing(PriorityLevelConfiguration level) {
        return level.spec().limited().limitResponse().queuing();
    }

    private static PriorityLevelConfigurationSpec defaults(PriorityLevelConfigurationSpec sent) {
        PriorityLevelConfigurationSpec spec = sent;
        if (spec.hasExempt()) {
            spec = spec.withExempt(e -> e.hasNominalConcurrencyShares() ? e : e.withNominalConcurrencyShares(0));
            spec = spec.withExempt(e -> e.hasLendablePercent() ? e : e.withLendablePercent(0));
        }
        if (spec.hasLimited()) {
            spec = spec.withLimited(l -> l.hasNominalConcurrencyShares() ? l : l.withNominalConcurrencyShares(DEFAULT_SHARES));
            spec = spec.withLimited(l -> l.hasLendablePercent() ? l : l.withLendablePercent(0));
            if (spec.limited().limitResponse().hasQueuing()) {
                spec = spec.withLimited(l -> l.withLimitResponse(r -> r.withQueuing(PriorityLevelConfigurations::defaults)));
            }
        }
        return spec;
    }

    private static QueuingConfiguration defaults(QueuingConfiguration sent) {
        QueuingConfiguration queuing = sent.handSize() == 0 ? sent.withHandSize(DEFAULT_HAND_SIZE) : sent;
        queuing = queuing.queues() == 0 ? queuing.withQueues(DEFAULT_QUEUES) : queuing;
        return queuing.queueLengthLimit() == 0 ? queuing.withQueueLengthLimit(DEFAULT_QUEUE_LENGTH) : queuing;
    }

    private static void fixed(PriorityLevelConfiguration level, PriorityLevelConfiguration old, FieldErrors errors) {
        String name = level.metadata().name();
        boolean changed = name.equals(EXEMPT)
                ? !level.spec().withoutExempt().equals(old.spec().withoutExempt())
                : name.equals("catch-all") && !level.spec().equals(old.spec());
        if (changed) {
            errors.invalid(FieldPath.of("spec"), level.spec(), "spec of '" + name + "' must equal the fixed value");
        }
    }

    private static void statusRules(PriorityLevelConfigurationStatus status, FieldErrors errors) {
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
