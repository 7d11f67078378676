package io.j8s.apiserver.resources.rbac;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.model.rbac.v1.ClusterRoleBinding;
import java.util.Set;

/// `clusterrolebindings.rbac.authorization.k8s.io`
final class ClusterRoleBindings {

    private ClusterRoleBindings() {}

    static Resource<ClusterRoleBinding> resource() {
        return Resource.of(ClusterRoleBinding.RESOURCE)
                .createsOnUpdate()
                .names(NameRule.PATH_SEGMENT)
                .defaults(ClusterRoleBindings::defaults)
                .rules(ClusterRoleBindings::rules)
                .updateRules((binding, old, errors) -> SubjectRules.unchanged(binding.roleRef(), old.roleRef(), errors))
                .table(table -> table
                        .nameColumn()
                        .column("Role", "string", "RoleRef is the role that is given.", (binding, now) -> binding.roleRef().kind() + "/" + binding.roleRef().name())
                        .ageColumn()
                        .wideColumn("Users", "string", "Users in the subjects", (binding, now) -> SubjectRules.users(binding.subjects()))
                        .wideColumn("Groups", "string", "Groups in the subjects", (binding, now) -> SubjectRules.groups(binding.subjects()))
                        .wideColumn("ServiceAccounts", "string", "ServiceAccounts in the subjects", (binding, now) -> SubjectRules.serviceAccounts(binding.subjects())))
                .build();
    }

    private static ClusterRoleBinding defaults(ClusterRoleBinding binding) {
        ClusterRoleBinding bound = binding.withRoleRef(SubjectRules.withDefaults(binding.roleRef()));
        return binding.hasSubjects() ? bound.withSubjects(SubjectRules.withDefaults(binding.subjects())) : bound;
    }

    private static void rules(ClusterRoleBinding binding, FieldErrors errors) {
        SubjectRules.check(binding.roleRef(), Set.of("ClusterRole"), errors);
        SubjectRules.check(binding.subjects(), false, errors);
    }
}
