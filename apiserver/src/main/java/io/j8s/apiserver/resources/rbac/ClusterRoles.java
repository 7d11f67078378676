package io.j8s.apiserver.resources.rbac;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Resource;
import io.j8s.model.rbac.v1.ClusterRole;

/// `clusterroles.rbac.authorization.k8s.io`
final class ClusterRoles {

    private ClusterRoles() {}

    static Resource<ClusterRole> resource() {
        return Resource.of(ClusterRole.RESOURCE)
                .createsOnUpdate()
                .names(NameRule.PATH_SEGMENT)
                .build();
    }
}
