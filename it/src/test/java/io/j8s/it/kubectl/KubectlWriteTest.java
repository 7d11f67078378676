package io.j8s.it.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.host.Result;
import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Changing a cluster.
@ExtendWith(J8sExtension.class)
class KubectlWriteTest {
    private static final String MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: settings
            data:
              color: %s
            """;
    private final J8s cluster;
    private final Path home;

    KubectlWriteTest(J8s cluster, @TempDir Path home) {
        this.cluster = cluster;
        this.home = home;
    }

    private Session session(String namespace) {
        return Session.of(cluster, home, namespace);
    }

    @Test
    void aNamespaceIsCreatedAndGoesWithAllThatIsInIt() {
        Session session = session("write-namespace");
        assertThat(session.kubectl().ok("get", "namespace", "write-namespace", "-o", "jsonpath={.status.phase}")).isEqualTo("Active");
        session.ok("create", "configmap", "settings", "--from-literal=a=b");
        assertThat(session.kubectl().ok("delete", "namespace", "write-namespace", "--timeout=30s")).contains("namespace \"write-namespace\" deleted");
        assertThat(session.run("get", "configmap", "settings").err()).contains("NotFound");
    }

    @Test
    void aDeploymentIsExposedScaledUpdatedAndRolledBack() {
        Session session = session("write-rollout");
        session.deployed("web", 3);
        assertThat(session.ok("expose", "deployment", "web", "--port=80", "--target-port=8080")).isEqualTo("service/web exposed\n");
        assertThat(session.ok("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}")).startsWith("10.");
        assertThat(session.ok("scale", "deployment/web", "--replicas=5")).isEqualTo("deployment.apps/web scaled\n");
        session.ok("rollout", "status", "deployment/web", "--timeout=30s");
        assertThat(session.ok("get", "deployment", "web", "-o", "jsonpath={.status.readyReplicas}")).isEqualTo("5");

        assertThat(session.ok("set", "image", "deployment/web", "web=registry.example/web:2")).isEqualTo("deployment.apps/web image updated\n");
        session.ok("rollout", "status", "deployment/web", "--timeout=60s");
        assertThat(session.ok("get", "pods", "-o", "jsonpath={.items[?(@.metadata.deletionTimestamp==\"\")].spec.containers[0].image}")).doesNotContain("web:1");
        assertThat(session.ok("rollout", "history", "deployment/web")).contains("REVISION", "1 ", "2 ");

        assertThat(session.ok("rollout", "undo", "deployment/web")).isEqualTo("deployment.apps/web rolled back\n");
        session.ok("rollout", "status", "deployment/web", "--timeout=60s");
        assertThat(session.ok("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[0].image}")).isEqualTo("registry.example/web:1");
        assertThat(session.ok("rollout", "restart", "deployment/web")).contains("restarted");
        session.ok("rollout", "status", "deployment/web", "--timeout=60s");
    }

    @Test
    void labelsAndAnnotationsAreSetChangedAndTakenAway() {
        Session session = session("write-labels");
        session.ok("create", "configmap", "settings", "--from-literal=a=b");
        assertThat(session.ok("label", "configmap", "settings", "tier=one")).isEqualTo("configmap/settings labeled\n");
        assertThat(session.run("label", "configmap", "settings", "tier=two").status()).isEqualTo(1);
        session.ok("label", "configmap", "settings", "tier=two", "--overwrite");
        assertThat(session.ok("get", "configmap", "-L", "tier")).contains("two");
        session.ok("annotate", "configmap", "settings", "note=hello");
        assertThat(session.ok("get", "configmap", "settings", "-o", "jsonpath={.metadata.annotations.note}")).isEqualTo("hello");
        session.ok("label", "configmap", "settings", "tier-");
        assertThat(session.ok("get", "configmap", "settings", "-o", "jsonpath={.metadata.labels}")).isEmpty();
    }

    @Test
    void anEditorChangesAnObject() throws IOException {
        Session session = session("write-edit");
        session.ok("create", "configmap", "settings", "--from-literal=color=red");
        Path editor = home.resolve("editor");
        Files.writeString(editor, "#!/bin/sh\nsed -i s/red/blue/ \"$1\"\n");
        Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
        Result edited = session.kubectl().withEnvironment(Map.of("EDITOR", editor.toString()), session.here("edit", "configmap", "settings"));
        assertThat(edited.ok()).isEqualTo("configmap/settings edited\n");
        assertThat(session.ok("get", "configmap", "settings", "-o", "jsonpath={.data.color}")).isEqualTo("blue");
    }

    @Test
    void aManifestIsAppliedByTheClient() {
        Session session = session("write-apply");
        assertThat(session.withInput(MAP.formatted("red"), "apply", "-f", "-").ok()).isEqualTo("configmap/settings created\n");
        assertThat(session.withInput(MAP.formatted("red"), "apply", "-f", "-").ok()).isEqualTo("configmap/settings unchanged\n");
        assertThat(session.withInput(MAP.formatted("blue"), "apply", "-f", "-").ok()).isEqualTo("configmap/settings configured\n");
        assertThat(session.ok("get", "configmap", "settings", "-o", "jsonpath={.data.color}")).isEqualTo("blue");
    }

    @Test
    void aManifestIsAppliedByTheServerAndConflictsAreSaid() {
        Session session = session("write-server-side");
        assertThat(session.withInput(MAP.formatted("red"), "apply", "--server-side", "-f", "-").ok()).isEqualTo("configmap/settings serverside-applied\n");
        Result other = session.withInput(MAP.formatted("blue"), "apply", "--server-side", "--field-manager=other", "-f", "-");
        assertThat(other.status()).isEqualTo(1);
        assertThat(other.err()).contains("conflict with \"kubectl\"", ".data.color");
        session.withInput(MAP.formatted("blue"), "apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "-").ok();
        assertThat(session.ok("get", "configmap", "settings", "-o", "jsonpath={.data.color}")).isEqualTo("blue");
    }

    @Test
    void diffSaysWhatApplyWouldChange() {
        Session session = session("write-diff");
        session.withInput(MAP.formatted("red"), "apply", "-f", "-").ok();
        assertThat(session.withInput(MAP.formatted("red"), "diff", "-f", "-").status()).isZero();
        Result diff = session.withInput(MAP.formatted("blue"), "diff", "-f", "-");
        assertThat(diff.status()).isEqualTo(1);
        assertThat(diff.out()).contains("-  color: red", "+  color: blue");
    }

    @Test
    void aManifestWithAWrongFieldIsRefusedWithItsPath() {
        Session session = session("write-wrong");
        Result wrong = session.withInput(MAP.formatted("red") + "nonsense: 1\n", "apply", "-f", "-");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(wrong.err()).contains("unknown field \"nonsense\"");
    }

    @Test
    void podsAreDeletedGracefullyOrByForce() {
        Session session = session("write-delete");
        session.ok("run", "one", "--image=registry.example/web:1");
        session.ok("run", "two", "--image=registry.example/web:1");
        session.ok("wait", "--for=condition=Ready", "pod/one", "pod/two", "--timeout=30s");
        assertThat(session.ok("delete", "pod", "one", "--timeout=45s")).contains("pod \"one\" deleted");
        assertThat(session.ok("delete", "pod", "two", "--force")).contains("pod \"two\" force deleted");
        assertThat(session.ok("get", "pods", "-o", "name")).isEmpty();
    }

    @Test
    void waitingEndsWhenItComesOrWithTheTime() {
        Session session = session("write-wait");
        session.ok("run", "one", "--image=registry.example/web:1");
        assertThat(session.ok("wait", "--for=condition=Ready", "pod/one", "--timeout=30s")).isEqualTo("pod/one condition met\n");
        assertThat(session.ok("wait", "--for=jsonpath={.status.phase}=Running", "pod/one", "--timeout=30s")).isEqualTo("pod/one condition met\n");
        Result never = session.run("wait", "--for=condition=Nonsense", "pod/one", "--timeout=1s");
        assertThat(never.status()).isEqualTo(1);
        assertThat(never.err()).contains("timed out waiting");
    }

    @Test
    void aJobRunsToItsEnd() {
        Session session = session("write-job");
        assertThat(session.ok("create", "job", "once", "--image=registry.example/once:1")).isEqualTo("job.batch/once created\n");
        assertThat(session.ok("get", "pods", "-l", "job-name=once", "-o", "name").lines().count()).isLessThanOrEqualTo(1);
        session.ok("delete", "job", "once");
    }

    @Test
    void tokensAreMadeForServiceAccounts() {
        Session session = session("write-token");
        session.ok("create", "serviceaccount", "robot");
        String token = session.ok("create", "token", "robot").strip();
        assertThat(token.split("\\.")).hasSize(3);
        assertThat(session.ok("--kubeconfig=/dev/null", "--server=" + cluster.address(), "--insecure-skip-tls-verify", "--token=" + token, "auth", "whoami"))
                .contains("system:serviceaccount:write-token:robot");
    }

    @Test
    void rolesAreGivenToUsers() {
        Session session = session("write-rbac");
        session.ok("create", "role", "reader", "--verb=get,list", "--resource=pods");
        session.ok("create", "rolebinding", "readers", "--role=reader", "--user=jane");
        assertThat(session.ok("auth", "can-i", "list", "pods", "--as=jane")).isEqualTo("yes\n");
        assertThat(session.run("auth", "can-i", "delete", "pods", "--as=jane").status()).isEqualTo(1);
        assertThat(session.run("get", "pods", "--as=john").err()).startsWith("Error from server (Forbidden): pods is forbidden: User \"john\" cannot list resource \"pods\" in API group \"\" in the namespace \"write-rbac\"");
    }
}
