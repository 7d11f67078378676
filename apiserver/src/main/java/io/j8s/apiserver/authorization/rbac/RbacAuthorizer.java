package io.j8s.apiserver.authorization.rbac;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Authorizer;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.model.rbac.v1.ClusterRole;
import io.j8s.model.rbac.v1.ClusterRoleBinding;
import io.j8s.model.rbac.v1.PolicyRule;
import io.j8s.model.rbac.v1.Role;
import io.j8s.model.rbac.v1.RoleBinding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Allows what roles and bindings grant, and never denies. Takes effect at once: what it works with is checked against the versions of the four resources at each decision,
/// and worked out again when they have changed: the cluster's grants as a whole (unchanged roles are kept), a namespace's when it is asked about.
public final class RbacAuthorizer implements Authorizer {

    private final ClusterState state;
    private final Map<String, NamespaceGrants> byNamespace = new ConcurrentHashMap<>();
    private volatile ClusterGrants cluster;

    private record CompiledRole(ClusterRole source, List<Rule> rules) {}

    private record ClusterGrants(long roles, long bindings, Map<String, CompiledRole> compiled, Grants grants) {}

    private record NamespaceGrants(long roles, long bindings, long clusterRoles, Grants grants) {}

    public RbacAuthorizer(ClusterState state) {
        this.state = state;
        this.cluster = new ClusterGrants(-2, -2, Map.of(), Grants.NONE);
    }

    @Override
    public Decision authorize(Attributes attributes) {
        Grants.Grant grant = cluster().grants.allowing(attributes);
        if (grant == null && !attributes.namespace().isEmpty()) {
            grant = inNamespace(attributes.namespace()).allowing(attributes);
        }
        return grant == null ? new Decision.NoOpinion(missing(attributes)) : new Decision.Allow(grant.reason());
    }

    /// Which roles of the user are not there.
    private String missing(Attributes attributes) {
        List<String> missing = new ArrayList<>(0);
        visit(attributes.user(), attributes.namespace(), grant -> {
            if (!grant.missing().isEmpty() && !missing.contains(grant.missing())) {
                missing.add(grant.missing());
            }
        });
        return switch (missing.size()) {
            case 0 -> "";
            case 1 -> "RBAC: " + missing.getFirst();
            default -> "RBAC: [" + String.join(", ", missing) + "]";
        };
    }

    private void visit(User user, String namespace, java.util.function.Consumer<Grants.Grant> action) {
        cluster().grants.forEach(user, action);
        if (!namespace.isEmpty()) {
            inNamespace(namespace).forEach(user, action);
        }
    }

    /// All rules that a user holds in a namespace (empty: in the cluster).
    List<PolicyRule> held(User user, String namespace) {
        List<PolicyRule> rules = new ArrayList<>();
        visit(user, namespace, grant -> grant.rules().forEach(rule -> rules.add(rule.source())));
        return rules;
    }

    @Override
    public Rules rulesFor(User user, String namespace) {
        List<ResourceRule> resources = new ArrayList<>();
        List<PathRule> paths = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        visit(user, namespace, grant -> {
            if (!grant.missing().isEmpty()) {
                missing.add(grant.missing());
            }
            for (Rule rule : grant.rules()) {
                PolicyRule source = rule.source();
                if (!source.resources().isEmpty()) {
                    resources.add(new ResourceRule(source.verbs(), source.apiGroups(), source.resources(), source.resourceNames()));
                }
                if (!source.nonResourceURLs().isEmpty()) {
                    paths.add(new PathRule(source.verbs(), source.nonResourceURLs()));
                }
            }
        });
        return new Rules(resources, paths, false, missing.size() > 1 ? "[" + String.join(", ", missing) + "]" : String.join("", missing));
    }

    private ClusterGrants cluster() {
        ClusterGrants current = cluster;
        long roles = state.version(ClusterRole.RESOURCE);
        long bindings = state.version(ClusterRoleBinding.RESOURCE);
        if (current.roles == roles && current.bindings == bindings) {
            return current;
        }
        Map<String, CompiledRole> compiled = current.roles == roles ? current.compiled : compile(current.compiled);
        ClusterGrants fresh = new ClusterGrants(roles, bindings, compiled, clusterGrants(compiled));
        cluster = fresh;
        return fresh;
    }

    @SuppressWarnings("ReferenceEquality") // an object that was not written stays the very same
    private Map<String, CompiledRole> compile(Map<String, CompiledRole> before) {
        Map<String, CompiledRole> compiled = new HashMap<>();
        for (ClusterRole role : state.list(ClusterRole.RESOURCE, "")) {
            String name = role.metadata().name();
            CompiledRole known = before.get(name);
            compiled.put(name, known != null && known.source == role ? known : new CompiledRole(role, Rule.all(role.rules())));
        }
        return compiled;
    }

    private Grants clusterGrants(Map<String, CompiledRole> compiled) {
        Grants.Builder grants = new Grants.Builder();
        for (ClusterRoleBinding binding : state.list(ClusterRoleBinding.RESOURCE, "")) {
            String role = binding.roleRef().name();
            grants.add("ClusterRoleBinding \"" + binding.metadata().name() + "\"", "ClusterRole \"" + role + "\"", rules(compiled, role), binding.subjects(), "");
        }
        return grants.build();
    }

    private static @Nullable List<Rule> rules(Map<String, CompiledRole> compiled, String name) {
        CompiledRole role = compiled.get(name);
        return role == null ? null : role.rules;
    }

    private Grants inNamespace(String namespace) {
        ClusterGrants whole = cluster();
        long roles = state.version(Role.RESOURCE);
        long bindings = state.version(RoleBinding.RESOURCE);
        NamespaceGrants current = byNamespace.get(namespace);
        if (current != null && current.roles == roles && current.bindings == bindings && current.clusterRoles == whole.roles) {
            return current.grants;
        }
        Grants grants = namespaceGrants(namespace, whole.compiled);
        if (grants.isEmpty()) {
            byNamespace.remove(namespace);
        } else {
            byNamespace.put(namespace, new NamespaceGrants(roles, bindings, whole.roles, grants));
        }
        return grants;
    }

    private Grants namespaceGrants(String namespace, Map<String, CompiledRole> clusterRoles) {
        List<RoleBinding> bindings = state.list(RoleBinding.RESOURCE, namespace);
        if (bindings.isEmpty()) {
            return Grants.NONE;
        }
        Grants.Builder grants = new Grants.Builder();
        for (RoleBinding binding : bindings) {
            String name = binding.roleRef().name();
            boolean ofCluster = binding.roleRef().kind().equals("ClusterRole");
            List<Rule> rules = ofCluster ? rules(clusterRoles, name) : ruleOf(namespace, name);
            String role = ofCluster ? "ClusterRole \"" + name + "\"" : "Role \"" + name + "\"";
            grants.add("RoleBinding \"" + binding.metadata().name() + "/" + namespace + "\"", role, rules, binding.subjects(), namespace);
        }
        return grants.build();
    }

    private @Nullable List<Rule> ruleOf(String namespace, String name) {
        Role role = state.get(Role.RESOURCE, namespace, name);
        return role == null ? null : Rule.all(role.rules());
    }
}
