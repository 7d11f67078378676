package io.j8s.apiserver.resources.apps;

import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.apiserver.resources.autoscaling.Scales;
import io.j8s.apiserver.resources.core.PodDefaults;
import io.j8s.apiserver.resources.core.WorkloadCells;
import io.j8s.model.apps.v1.ReplicaSet;

/// `replicasets.apps`
final class ReplicaSets {

    private ReplicaSets() {}

    static Resource<ReplicaSet> resource() {
        ResourceBuilder<ReplicaSet> sets = Resource.of(ReplicaSet.RESOURCE)
                .metadataNotRevalidated()
                .shortNames("rs")
                .categories("all")
                .defaults(ReplicaSets::defaults)
                .generationOfSpec()
                .rules(ReplicaSetRules::rules)
                .updateRules(ReplicaSetRules::update)
                .warnings((set, old) -> WorkloadRules.warnings(set.metadata().name(), set.spec().template(), old == null ? null : old.spec().template()))
                .status(ReplicaSetRules::status)
                .subresource(Scales.of(
                        set -> set.spec().replicas(),
                        (set, replicas) -> set.withSpec(spec -> spec.withReplicas(replicas)),
                        set -> set.status().replicas(),
                        set -> WorkloadCells.selectorText(set.spec().selector())))
                .table(table -> table
                        .nameColumn()
                        .column("Desired", "integer", "How many pods there should be.", (set, now) -> set.spec().replicas())
                        .column("Current", "integer", "How many pods there are.", (set, now) -> set.status().replicas())
                        .column("Ready", "integer", "How many pods are ready.", (set, now) -> set.status().readyReplicas())
                        .ageColumn());
        return WorkloadCells.containersAndSelector(sets, set -> set.spec().template().spec(), set -> WorkloadCells.selector(set.spec().selector())).build();
    }

    private static ReplicaSet defaults(ReplicaSet sent) {
        return sent.withSpec(spec -> (spec.hasReplicas() ? spec : spec.withReplicas(1)).withTemplate(PodDefaults::template));
    }
}
