package io.j8s.apiserver.authorization.rbac;

import io.j8s.apiserver.admission.AdmissionPlugin;
import io.j8s.apiserver.admission.AdmissionRequest;
import io.j8s.apiserver.admission.Operation;
import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.status.Refusal;
import io.j8s.model.Objects;
import io.j8s.model.Struct;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.rbac.v1.ClusterRole;
import io.j8s.model.rbac.v1.ClusterRoleBinding;
import io.j8s.model.rbac.v1.PolicyRule;
import io.j8s.model.rbac.v1.Role;
import io.j8s.model.rbac.v1.RoleBinding;
import io.j8s.model.rbac.v1.RoleRef;
import java.util.List;

/// Nobody grants by roles or bindings what he does not hold himself, unless he may `escalate` the role or `bind` it. Not a plugin that can be left out: it guards the RBAC
/// resources wherever they are served.
public final class EscalationCheck implements AdmissionPlugin {

    private static final String GROUP = "rbac.authorization.k8s.io";
    private static final List<PolicyRule> EVERYTHING = List.of(
            PolicyRule.EMPTY.withVerbs(List.of("*")).withApiGroups(List.of("*")).withResources(List.of("*")),
            PolicyRule.EMPTY.withVerbs(List.of("*")).withNonResourceURLs(List.of("*")));

    private final RbacAuthorizer held;
    private final Authorizer authorizer;

    /// @param authorizer the server's whole authorizer, asked for `escalate` and `bind`
    public EscalationCheck(RbacAuthorizer held, Authorizer authorizer) {
        this.held = held;
        this.authorizer = authorizer;
    }

    @Override
    public String name() {
        return "rbac/escalation";
    }

    @Override
    public boolean handles(AdmissionRequest request) {
        return request.group().equals(GROUP)
                && (request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE)
                && !request.user().in(User.MASTERS)
                && request.object() != null;
    }

    @Override
    public Struct mutate(AdmissionRequest request, Struct object) {
        Struct old = request.old();
        if (old != null && onlyForCollection(object, old)) {
            return object;
        }
        switch (object) {
            case Role role -> checkRole(request, role.rules(), request.namespace(), false);
            case ClusterRole role -> checkRole(request, role.rules(), "", aggregates(role) || (old instanceof ClusterRole before && aggregates(before)));
            case RoleBinding binding -> checkBinding(request, binding.roleRef(), request.namespace());
            case ClusterRoleBinding binding -> checkBinding(request, binding.roleRef(), "");
            default -> { }
        }
        return object;
    }

    private static boolean aggregates(ClusterRole role) {
        return !role.aggregationRule().clusterRoleSelectors().isEmpty();
    }

    /// Whether nothing but what garbage collection needs has changed.
    private static boolean onlyForCollection(Struct object, Struct old) {
        return bare(object).equals(bare(old));
    }

    private static Struct bare(Struct object) {
        ObjectMeta meta = Objects.metadata(object).withoutOwnerReferences().withoutFinalizers().withoutManagedFields().withoutResourceVersion();
        return Objects.withMetadata(object, meta);
    }

    private void checkRole(AdmissionRequest request, List<PolicyRule> rules, String namespace, boolean aggregates) {
        String plural = request.requested().plural();
        if (may(request, "escalate", plural, namespace, request.name())) {
            return;
        }
        refuseMissing(request, rules, namespace);
        if (aggregates && !Coverage.missing(held.held(request.user(), ""), EVERYTHING).isEmpty()) {
            throw Refusal.forbidden(GROUP, plural, request.name(), "must have cluster-admin privileges to use the aggregationRule");
        }
    }

    private void checkBinding(AdmissionRequest request, RoleRef reference, String namespace) {
        boolean cluster = reference.kind().equals("ClusterRole");
        if (may(request, "bind", cluster ? "clusterroles" : "roles", namespace, reference.name())) {
            return;
        }
        List<PolicyRule> rules;
        if (cluster) {
            ClusterRole role = request.state().get(ClusterRole.RESOURCE, "", reference.name());
            if (role == null) {
                throw Refusal.notFound(GROUP, request.requested().plural(), reference.name());
            }
            rules = role.rules();
        } else {
            Role role = request.state().get(Role.RESOURCE, namespace, reference.name());
            if (role == null) {
                throw Refusal.notFound(GROUP, request.requested().plural(), reference.name());
            }
            rules = role.rules();
        }
        refuseMissing(request, rules, namespace);
    }

    private boolean may(AdmissionRequest request, String verb, String plural, String namespace, String name) {
        return authorizer.authorize(Attributes.ofResource(request.user(), verb, GROUP, "*", plural, "", namespace, name)) instanceof Decision.Allow;
    }

    private void refuseMissing(AdmissionRequest request, List<PolicyRule> wanted, String namespace) {
        List<PolicyRule> missing = Coverage.missing(held.held(request.user(), namespace), wanted);
        if (!missing.isEmpty()) {
            User user = request.user();
            StringBuilder why = new StringBuilder("user \"" + user.name() + "\" (groups=" + user.groups() + ") is attempting to grant RBAC permissions not currently held:");
            missing.forEach(rule -> why.append('\n').append(shown(rule)));
            throw Refusal.forbidden(GROUP, request.requested().plural(), request.name(), why.toString());
        }
    }

    private static String shown(PolicyRule rule) {
        return rule.nonResourceURLs().isEmpty()
                ? "{APIGroups:" + rule.apiGroups() + ", Resources:" + rule.resources()
                        + (rule.resourceNames().isEmpty() ? "" : ", ResourceNames:" + rule.resourceNames()) + ", Verbs:" + rule.verbs() + "}"
                : "{NonResourceURLs:" + rule.nonResourceURLs() + ", Verbs:" + rule.verbs() + "}";
    }
}
