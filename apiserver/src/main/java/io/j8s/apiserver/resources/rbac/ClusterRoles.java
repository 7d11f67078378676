package io.j8s.apiserver.resources.rbac;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.meta.v1.LabelSelector;
import io.j8s.model.rbac.v1.ClusterRole;
import java.util.List;

/// `clusterroles.rbac.authorization.k8s.io`
final class ClusterRoles {

    private ClusterRoles() {}

    static Resource<ClusterRole> resource() {
        return Resource.of(ClusterRole.RESOURCE)
                .createsOnUpdate()
                .names(NameRule.PATH_SEGMENT)
                .rules(ClusterRoles::rules)
                .build();
    }

    private static void rules(ClusterRole role, FieldErrors errors) {
        PolicyRules.check(role.rules(), false, errors);
        if (!role.hasAggregationRule()) {
            return;
        }
        FieldPath path = FieldPath.of("aggregationRule").child("clusterRoleSelectors");
        List<LabelSelector> selectors = role.aggregationRule().clusterRoleSelectors();
        if (selectors.isEmpty()) {
            errors.required(path, "at least one clusterRoleSelector required if aggregationRule is non-nil");
        }
        for (int i = 0; i < selectors.size(); i++) {
            SelectorRules.selector(selectors.get(i), path.index(i), errors);
            if (SelectorRules.read(selectors.get(i)) == null) {
                errors.invalid(path.index(i), selectors.get(i), "invalid label selector.");
            }
        }
    }
}
