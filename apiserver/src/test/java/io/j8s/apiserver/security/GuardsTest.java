package io.j8s.apiserver.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.client.ApiException;
import io.j8s.client.Client;
import io.j8s.model.Quantity;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ResourceQuota;
import io.j8s.model.core.v1.ResourceQuotaStatus;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.Volume;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.model.rbac.v1.ClusterRole;
import io.j8s.model.rbac.v1.PolicyRule;
import io.j8s.model.rbac.v1.Role;
import io.j8s.model.rbac.v1.RoleBinding;
import io.j8s.model.rbac.v1.RoleRef;
import io.j8s.model.rbac.v1.Subject;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A guarded server as users, kubelets and pods meet it.
final class GuardsTest {

    private final GuardedServer guarded;
    private final Client admin;

    GuardsTest() throws IOException {
        guarded = new GuardedServer();
        admin = guarded.administrator();
    }

    @AfterEach
    void stop() {
        guarded.close();
    }

    private static void refused(int code, Runnable request) {
        assertThatThrownBy(request::run).isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static <T> void grant(Client admin, String user, String verb, String resource) {
        admin.create(Role.RESOURCE, "default", Role.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(user))
                .withRules(List.of(PolicyRule.EMPTY.withVerbs(List.of(verb)).withApiGroups(List.of("", "rbac.authorization.k8s.io")).withResources(List.of(resource)))));
        admin.create(RoleBinding.RESOURCE, "default", RoleBinding.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(user))
                .withRoleRef(RoleRef.EMPTY.withApiGroup("rbac.authorization.k8s.io").withKind("Role").withName(user))
                .withSubjects(List.of(Subject.EMPTY.withKind("User").withApiGroup("rbac.authorization.k8s.io").withName(user))));
    }

    @Test
    void a_role_counts_from_the_moment_it_is_bound() {
        Client jane = guarded.as("jane");
        refused(403, () -> jane.list(ConfigMap.RESOURCE, "default"));
        grant(admin, "jane", "list", "configmaps");
        assertThat(jane.list(ConfigMap.RESOURCE, "default")).isEmpty();
        refused(403, () -> jane.list(ConfigMap.RESOURCE, "kube-system"));
    }

    @Test
    void nobody_grants_more_than_he_holds() {
        grant(admin, "jane", "create", "roles");
        Role role = Role.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("more"))
                .withRules(List.of(PolicyRule.EMPTY.withVerbs(List.of("get")).withApiGroups(List.of("")).withResources(List.of("secrets"))));
        refused(403, () -> guarded.as("jane").create(Role.RESOURCE, "default", role));
        assertThat(admin.create(Role.RESOURCE, "default", role).rules()).hasSize(1);
        assertThat(admin.find(ClusterRole.RESOURCE, "", "cluster-admin")).isNotNull();
    }

    @Test
    void a_kubelet_reads_only_what_its_pods_refer_to() {
        for (String name : List.of("mine", "other")) {
            admin.create(Secret.RESOURCE, "default", Secret.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name)));
        }
        Client kubelet = guarded.as("system:node:n", "system:nodes");
        refused(403, () -> kubelet.get(Secret.RESOURCE, "default", "mine"));
        admin.create(Pod.RESOURCE, "default", GuardedServer.pod("p").withSpec(spec ->
                spec.withNodeName("n").withVolumes(List.of(Volume.EMPTY.withName("v").withSecret(source -> source.withSecretName("mine"))))));
        assertThat(kubelet.get(Secret.RESOURCE, "default", "mine").metadata().name()).isEqualTo("mine");
        refused(403, () -> kubelet.get(Secret.RESOURCE, "default", "other"));
        refused(403, () -> kubelet.list(Secret.RESOURCE, "default"));
    }

    @Test
    void a_pod_gets_its_account_its_token_and_its_tolerations() {
        Pod pod = admin.create(Pod.RESOURCE, "default", GuardedServer.pod("p"));
        assertThat(pod.spec().serviceAccountName()).isEqualTo("default");
        assertThat(pod.spec().volumes()).singleElement().satisfies(volume -> assertThat(volume.name()).startsWith("kube-api-access-"));
        assertThat(pod.spec().containers().getFirst().volumeMounts()).hasSize(1);
        assertThat(pod.spec().tolerations()).hasSize(2);
        assertThat(pod.spec().priority()).isZero();
    }

    @Test
    void a_restricted_namespace_takes_no_ordinary_pod() {
        Namespace namespace = admin.get(Namespace.RESOURCE, "", "default");
        admin.update(Namespace.RESOURCE, "", namespace.withMetadata(meta -> meta.withLabels(Map.of("pod-security.kubernetes.io/enforce", "restricted"))));
        refused(403, () -> admin.create(Pod.RESOURCE, "default", GuardedServer.pod("p")));
    }

    @Test
    void writers_that_come_together_do_not_exceed_a_quota() throws InterruptedException {
        Map<String, Quantity> three = Map.of("count/configmaps", Quantity.of(3));
        ResourceQuota quota = admin.create(ResourceQuota.RESOURCE, "default", ResourceQuota.EMPTY
                .withMetadata(ObjectMeta.EMPTY.withName("q")).withSpec(spec -> spec.withHard(three)));
        ResourceQuotaStatus status = ResourceQuotaStatus.EMPTY.withHard(three).withUsed(Map.of("count/configmaps", Quantity.of(0)));
        admin.updateStatus(ResourceQuota.RESOURCE, "default", quota.withStatus(status));
        AtomicInteger made = new AtomicInteger();
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String name = "c" + i;
            tasks.add(Timeline.system().start("writer", () -> {
                try {
                    admin.create(ConfigMap.RESOURCE, "default", ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName(name)));
                    made.incrementAndGet();
                } catch (ApiException e) {
                    assertThat(e.code()).isEqualTo(403);
                }
            }));
        }
        for (Task task : tasks) {
            task.join();
        }
        assertThat(made).hasValue(3);
        assertThat(admin.get(ResourceQuota.RESOURCE, "default", "q").status().used().get("count/configmaps")).isEqualByComparingTo(Quantity.of(3));
    }
}
