package io.j8s.apiserver.resources.rbac;

import io.j8s.apiserver.resource.NameRule;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.model.rbac.v1.RoleBinding;
import java.util.Set;

/// `rolebindings.rbac.authorization.k8s.io`
final class RoleBindings {

    private RoleBindings() {}

    static Resource<RoleBinding> resource() {
        return Resource.of(RoleBinding.RESOURCE)
                .createsOnUpdate()
                .names(NameRule.PATH_SEGMENT)
                .defaults(RoleBindings::defaults)
                .rules(RoleBindings::rules)
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

    private static RoleBinding defaults(RoleBinding binding) {
        RoleBinding bound = binding.withRoleRef(SubjectRules.withDefaults(binding.roleRef()));
        return binding.hasSubjects() ? bound.withSubjects(SubjectRules.withDefaults(binding.subjects())) : bound;
    }

    private static void rules(RoleBinding binding, FieldErrors errors) {
        SubjectRules.check(binding.roleRef(), Set.of("ClusterRole", "Role"), errors);
        SubjectRules.check(binding.subjects(), true, errors);
    }
}
