package io.j8s.apiserver.resources.policy;

import io.j8s.apiserver.resource.Resource;
import io.j8s.model.policy.v1.PodDisruptionBudget;

/// `poddisruptionbudgets.policy`
final class PodDisruptionBudgets {

    private PodDisruptionBudgets() {}

    static Resource<PodDisruptionBudget> resource() {
        return Resource.of(PodDisruptionBudget.RESOURCE)
                .shortNames("pdb")
                .updatesOnlyConditionally()
                .generationOfSpec()
                .status((object, old, errors) -> {})
                .build();
    }
}
