package io.j8s.apiserver.resources.rbac;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Resource;
import io.j8s.model.rbac.v1.RoleBinding;

/// `rolebindings.rbac.authorization.k8s.io`
final class RoleBindings {

    private RoleBindings() {}

    static Resource<RoleBinding> resource() {
        return Resource.of(RoleBinding.RESOURCE)
                .names(NameRule.PATH_SEGMENT)
                .build();
    }
}
