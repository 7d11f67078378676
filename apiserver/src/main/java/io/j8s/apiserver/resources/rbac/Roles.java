package io.j8s.apiserver.resources.rbac;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Resource;
import io.j8s.model.rbac.v1.Role;

/// `roles.rbac.authorization.k8s.io`
final class Roles {

    private Roles() {}

    static Resource<Role> resource() {
        return Resource.of(Role.RESOURCE)
                .createsOnUpdate()
                .names(NameRule.PATH_SEGMENT)
                .rules((role, errors) -> PolicyRules.check(role.rules(), true, errors))
                .build();
    }
}
