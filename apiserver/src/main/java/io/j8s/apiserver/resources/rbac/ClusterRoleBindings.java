package io.j8s.apiserver.resources.rbac;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Resource;
import io.j8s.model.rbac.v1.ClusterRoleBinding;

/// `clusterrolebindings.rbac.authorization.k8s.io`
final class ClusterRoleBindings {

    private ClusterRoleBindings() {}

    static Resource<ClusterRoleBinding> resource() {
        return Resource.of(ClusterRoleBinding.RESOURCE)
                .names(NameRule.PATH_SEGMENT)
                .build();
    }
}
