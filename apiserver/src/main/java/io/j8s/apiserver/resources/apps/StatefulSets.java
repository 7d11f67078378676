package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.apiserver.resources.autoscaling.Scales;
import io.j8s.apiserver.resources.core.ClaimDefaults;
import io.j8s.apiserver.resources.core.PodDefaults;
import io.j8s.apiserver.resources.core.WorkloadCells;
import io.j8s.model.apps.v1.RollingUpdateStatefulSetStrategy;
import io.j8s.model.apps.v1.StatefulSet;
import io.j8s.model.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy;
import io.j8s.model.apps.v1.StatefulSetSpec;
import io.j8s.model.apps.v1.StatefulSetUpdateStrategy;

/// `statefulsets.apps`
final class StatefulSets {

    private static final int KEPT_REVISIONS = 10;

    private StatefulSets() {}

    static Resource<StatefulSet> resource() {
        ResourceBuilder<StatefulSet> sets = Resource.of(StatefulSet.RESOURCE)
                .metadataNotRevalidated()
                .shortNames("sts")
                .categories("all")
                .defaults(StatefulSets::defaults)
                .names(NameRule.DNS_LABEL)
                .generationOfSpec()
                .createRules(StatefulSetRules::create)
                .updateRules(StatefulSetRules::update)
                .warnings(StatefulSetRules::warnings)
                .status(StatefulSetRules::status)
                .subresource(Scales.of(
                        set -> set.spec().replicas(),
                        (set, replicas) -> set.withSpec(spec -> spec.withReplicas(replicas)),
                        set -> set.status().replicas(),
                        set -> WorkloadCells.selectorText(set.spec().selector())))
                .table(table -> table
                        .nameColumn()
                        .column("Ready", "string", "How many pods are ready, and how many there should be.", (set, now) -> set.status().readyReplicas() + "/" + set.spec().replicas())
                        .ageColumn());
        return WorkloadCells.containers(sets, set -> set.spec().template().spec()).build();
    }

    private static StatefulSet defaults(StatefulSet sent) {
        StatefulSetSpec spec = sent.spec();
        spec = spec.podManagementPolicy().isEmpty() ? spec.withPodManagementPolicy("OrderedReady") : spec;
        spec = spec.withUpdateStrategy(StatefulSets::strategy).withPersistentVolumeClaimRetentionPolicy(StatefulSets::retention);
        spec = spec.hasReplicas() ? spec : spec.withReplicas(1);
        spec = spec.hasRevisionHistoryLimit() ? spec : spec.withRevisionHistoryLimit(KEPT_REVISIONS);
        spec = spec.withTemplate(PodDefaults::template);
        if (!spec.volumeClaimTemplates().isEmpty()) {
            spec = spec.withVolumeClaimTemplates(spec.volumeClaimTemplates().stream().map(ClaimDefaults::claim).toList());
        }
        return sent.withSpec(spec);
    }

    private static StatefulSetUpdateStrategy strategy(StatefulSetUpdateStrategy sent) {
        StatefulSetUpdateStrategy strategy = sent;
        if (strategy.type().isEmpty()) {
            strategy = strategy.withType("RollingUpdate");
            strategy = strategy.hasRollingUpdate() ? strategy : strategy.withRollingUpdate(RollingUpdateStatefulSetStrategy.EMPTY);
        }
        if (strategy.type().equals("RollingUpdate") && strategy.hasRollingUpdate()) {
            RollingUpdateStatefulSetStrategy rolling = strategy.rollingUpdate();
            rolling = rolling.hasPartition() ? rolling : rolling.withPartition(0);
            strategy = strategy.withRollingUpdate(rolling);
        }
        return strategy;
    }

    private static StatefulSetPersistentVolumeClaimRetentionPolicy retention(StatefulSetPersistentVolumeClaimRetentionPolicy sent) {
        StatefulSetPersistentVolumeClaimRetentionPolicy policy = sent.whenDeleted().isEmpty() ? sent.withWhenDeleted("Retain") : sent;
        return policy.whenScaled().isEmpty() ? policy.withWhenScaled("Retain") : policy;
    }
}
