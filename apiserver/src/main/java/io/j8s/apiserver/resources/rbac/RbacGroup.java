package io.j8s.apiserver.resources.rbac;

import io.j8s.apiserver.resource.Resource;
import java.util.List;

/// The resources of the group `rbac.authorization.k8s.io`.
public final class RbacGroup {

    private RbacGroup() {}

    public static List<Resource<?>> resources() {
        return List.of(
                ClusterRoleBindings.resource(),
                ClusterRoles.resource(),
                RoleBindings.resource(),
                Roles.resource());
    }
}
