package io.j8s.apiserver.authorization.rbac;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.apiserver.authentication.User;
import io.j8s.apiserver.authorization.Attributes;
import io.j8s.apiserver.authorization.Decision;
import io.j8s.apiserver.resource.ClusterState;
import io.j8s.apiserver.security.GuardedServer;
import io.j8s.client.Client;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.rbac.v1.ClusterRole;
import io.j8s.model.rbac.v1.ClusterRoleBinding;
import io.j8s.model.rbac.v1.PolicyRule;
import io.j8s.model.rbac.v1.Role;
import io.j8s.model.rbac.v1.RoleBinding;
import io.j8s.model.rbac.v1.RoleRef;
import io.j8s.model.rbac.v1.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The index of grants against an evaluator that walks all bindings and rules for each question.
final class RbacAuthorizerTest {

    private static final List<String> VERBS = List.of("get", "list", "create", "*");
    private static final List<String> GROUPS = List.of("", "apps", "*");
    private static final List<String> RESOURCES = List.of("pods", "pods/log", "secrets", "*/log", "*");
    private static final List<String> NAMES = List.of("a", "b");
    private static final List<String> NAMESPACES = List.of("default", "kube-system");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void decides_as_a_walk_over_all_rules_does(long seed) throws Exception {
        Random random = new Random(seed);
        try (GuardedServer guarded = new GuardedServer()) {
            Client admin = guarded.administrator();
            RbacAuthorizer authorizer = new RbacAuthorizer(guarded.server().state());
            for (int i = 0; i < 20; i++) {
                write(admin, random, "r" + i);
                for (int question = 0; question < 60; question++) {
                    Attributes asked = question(random);
                    assertThat(authorizer.authorize(asked) instanceof Decision.Allow).as("%s, seed %d", asked, seed).isEqualTo(naive(guarded.server().state(), asked));
                }
            }
        }
    }

    private static <T> T any(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static void write(Client admin, Random random, String name) {
        ObjectMeta meta = ObjectMeta.EMPTY.withName(name);
        PolicyRule rule = PolicyRule.EMPTY.withVerbs(List.of(any(random, VERBS))).withApiGroups(List.of(any(random, GROUPS))).withResources(List.of(any(random, RESOURCES)));
        PolicyRule exact = random.nextBoolean() ? rule : rule.withResourceNames(List.of(any(random, NAMES)));
        Subject subject = random.nextBoolean()
                ? Subject.EMPTY.withApiGroup("rbac.authorization.k8s.io").withKind("User").withName("u" + random.nextInt(2))
                : Subject.EMPTY.withApiGroup("rbac.authorization.k8s.io").withKind("Group").withName("g" + random.nextInt(2));
        RoleRef reference = RoleRef.EMPTY.withApiGroup("rbac.authorization.k8s.io").withName(name);
        String namespace = any(random, NAMESPACES);
        if (random.nextInt(3) == 0) {
            admin.create(Role.RESOURCE, namespace, Role.EMPTY.withMetadata(meta).withRules(List.of(exact)));
            admin.create(RoleBinding.RESOURCE, namespace,
                    RoleBinding.EMPTY.withMetadata(meta).withRoleRef(reference.withKind("Role")).withSubjects(List.of(subject)));
            return;
        }
        admin.create(ClusterRole.RESOURCE, "", ClusterRole.EMPTY.withMetadata(meta).withRules(List.of(exact)));
        if (random.nextInt(4) == 0) {
            admin.create(ClusterRoleBinding.RESOURCE, "",
                    ClusterRoleBinding.EMPTY.withMetadata(meta).withRoleRef(reference.withKind("ClusterRole")).withSubjects(List.of(subject)));
        } else {
            admin.create(RoleBinding.RESOURCE, namespace,
                    RoleBinding.EMPTY.withMetadata(meta).withRoleRef(reference.withKind("ClusterRole")).withSubjects(List.of(subject)));
        }
    }

    private static Attributes question(Random random) {
        User user = User.of("u" + random.nextInt(2), "g" + random.nextInt(3));
        boolean log = random.nextBoolean();
        return Attributes.ofResource(
                user, any(random, VERBS.subList(0, 3)), any(random, GROUPS.subList(0, 2)), "v1", any(random, List.of("pods", "secrets")), log ? "log" : "",
                any(random, List.of("", "default", "kube-system")), any(random, List.of("", "a", "b")));
    }

    private static boolean naive(ClusterState state, Attributes asked) {
        List<PolicyRule> rules = new ArrayList<>();
        for (ClusterRoleBinding binding : state.list(ClusterRoleBinding.RESOURCE, "")) {
            if (binding.subjects().stream().anyMatch(subject -> is(subject, asked.user()))) {
                ClusterRole role = state.get(ClusterRole.RESOURCE, "", binding.roleRef().name());
                rules.addAll(role == null ? List.of() : role.rules());
            }
        }
        for (RoleBinding binding : asked.namespace().isEmpty() ? List.<RoleBinding>of() : state.list(RoleBinding.RESOURCE, asked.namespace())) {
            if (binding.subjects().stream().anyMatch(subject -> is(subject, asked.user()))) {
                if (binding.roleRef().kind().equals("Role")) {
                    Role role = state.get(Role.RESOURCE, asked.namespace(), binding.roleRef().name());
                    rules.addAll(role == null ? List.of() : role.rules());
                } else {
                    ClusterRole role = state.get(ClusterRole.RESOURCE, "", binding.roleRef().name());
                    rules.addAll(role == null ? List.of() : role.rules());
                }
            }
        }
        return rules.stream().anyMatch(rule -> allows(rule, asked));
    }

    private static boolean is(Subject subject, User user) {
        return subject.kind().equals("User") ? subject.name().equals(user.name()) : subject.kind().equals("Group") && user.in(subject.name());
    }

    private static boolean allows(PolicyRule rule, Attributes asked) {
        String whole = asked.subresource().isEmpty() ? asked.resource() : asked.resource() + "/" + asked.subresource();
        boolean resource = rule.resources().stream().anyMatch(one ->
                one.equals("*") || one.equals(whole) || (!asked.subresource().isEmpty() && one.equals("*/" + asked.subresource())));
        return resource
                && (rule.verbs().contains("*") || rule.verbs().contains(asked.verb()))
                && (rule.apiGroups().contains("*") || rule.apiGroups().contains(asked.group()))
                && (rule.resourceNames().isEmpty() || rule.resourceNames().contains(asked.name()));
    }
}
