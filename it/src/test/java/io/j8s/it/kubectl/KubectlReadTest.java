package io.j8s.it.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Looking at a cluster.
@ExtendWith(J8sExtension.class)
class KubectlReadTest {
    private final J8s cluster;
    private final Path home;

    KubectlReadTest(J8s cluster, @TempDir Path home) {
        this.cluster = cluster;
        this.home = home;
    }

    private Session session(String namespace) {
        return Session.of(cluster, home, namespace);
    }

    @Test
    void versionNamesTheServersVersion() {
        assertThat(session("").ok("version")).containsPattern("Server Version: v1\\.36\\.\\d+");
    }

    @Test
    void clusterInfoNamesTheControlPlane() {
        assertThat(session("").ok("cluster-info")).contains("Kubernetes control plane").contains(cluster.address());
    }

    @Test
    void apiResourcesAreListedWithTheirShortNames() {
        String resources = session("").ok("api-resources");
        assertThat(resources).containsPattern("(?m)^pods +po +v1 +true +Pod").containsPattern("(?m)^deployments +deploy +apps/v1 +true +Deployment")
                .containsPattern("(?m)^clusterroles +rbac.authorization.k8s.io/v1 +false +ClusterRole");
        assertThat(session("").ok("api-versions")).contains("apps/v1", "batch/v1", "v1");
    }

    @Test
    void nodesAreReady() {
        assertThat(session("").ok("get", "nodes", "-o", "wide")).containsPattern("(?m)^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP").containsPattern("(?m)^node +Ready +\\S+ +\\S+ +v1\\.36");
    }

    @Test
    void podsAreShownInEveryFormat() {
        Session session = session("read-formats");
        session.deployed("web", 3);
        assertThat(session.ok("get", "pods").lines()).hasSize(4).first().asString().containsPattern("^NAME +READY +STATUS +RESTARTS +AGE");
        assertThat(session.ok("get", "pods", "-o", "wide")).contains("IP", "NODE", "NOMINATED NODE", "READINESS GATES");
        assertThat(session.ok("get", "pods", "-o", "name").lines()).hasSize(3).allMatch(l -> l.startsWith("pod/web-"));
        assertThat(session.ok("get", "pods", "-o", "yaml")).startsWith("apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod");
        assertThat(session.ok("get", "pods", "-o", "json")).contains("\"kind\": \"List\"", "\"image\": \"registry.example/web:1\"");
        assertThat(session.ok("get", "pods", "-o", "jsonpath={.items[*].status.phase}")).isEqualTo("Running Running Running");
        assertThat(session.ok("get", "pods", "-o", "custom-columns=N:.metadata.name,P:.status.phase", "--no-headers").lines()).hasSize(3).allMatch(l -> l.endsWith("Running"));
        assertThat(session.ok("get", "pods", "-l", "app=web", "--no-headers").lines()).hasSize(3);
        assertThat(session.run("get", "pods", "-l", "app=none").err()).isEqualTo("No resources found in read-formats namespace.\n");
        assertThat(session.ok("get", "pods", "--field-selector=status.phase=Running", "-o", "name").lines()).hasSize(3);
        assertThat(session.ok("get", "all")).contains("pod/web-", "deployment.apps/web", "replicaset.apps/web-");
        assertThat(session.ok("get", "pods", "--sort-by=.metadata.name", "-A")).contains("read-formats");
    }

    @Test
    void watchingShowsChangesAsTheyCome() throws Exception {
        Session session = session("read-watch");
        Process watch = session.kubectl().start(session.here("get", "pods", "-w", "--no-headers", "-o", "name"));
        try (var lines = new BufferedReader(new InputStreamReader(watch.getInputStream(), StandardCharsets.UTF_8))) {
            session.ok("run", "one", "--image=registry.example/web:1");
            assertThat(lines.readLine()).isEqualTo("pod/one");
        } finally {
            watch.destroy();
        }
    }

    @Test
    void describeTellsThePodsStory() {
        Session session = session("read-describe");
        session.deployed("web", 1);
        assertThat(session.ok("describe", "deployment", "web")).contains("Replicas:", "1 desired | 1 updated | 1 total | 1 available", "ScalingReplicaSet");
        assertThat(session.ok("describe", "pods")).contains("Status:           Running", "registry.example/web:1", "Scheduled");
        assertThat(session.ok("describe", "node", "node")).contains("Capacity:", "Non-terminated Pods:");
    }

    @Test
    void eventsTellWhatHappened() {
        Session session = session("read-events");
        session.deployed("web", 1);
        assertThat(session.ok("events")).contains("ScalingReplicaSet", "SuccessfulCreate", "Scheduled");
        assertThat(session.ok("get", "events", "-o", "jsonpath={.items[*].reason}")).contains("ScalingReplicaSet", "SuccessfulCreate");
    }

    @Test
    void explainKnowsTheFields() {
        assertThat(session("").ok("explain", "pod.spec.containers.image")).contains("KIND:       Pod", "FIELD: image <string>");
        assertThat(session("").ok("explain", "deployment")).contains("GROUP:      apps", "KIND:       Deployment", "spec\t<DeploymentSpec>");
        assertThat(session("").ok("explain", "pod.spec", "--recursive")).contains("nodeSelector\t<map[string]string>");
    }

    @Test
    void authCanISaysYesAndNo() {
        assertThat(session("").ok("auth", "can-i", "create", "pods")).isEqualTo("yes\n");
        var no = session("").run("auth", "can-i", "create", "pods", "--as=nobody");
        assertThat(no.out()).startsWith("no");
        assertThat(no.status()).isEqualTo(1);
        assertThat(session("").ok("auth", "whoami")).contains("kubernetes-admin", "system:masters");
        assertThat(session("").ok("auth", "can-i", "--list")).contains("*.*");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        var missing = session("").run("get", "pod", "missing");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err()).isEqualTo("Error from server (NotFound): pods \"missing\" not found\n");
        assertThat(session("").run("get", "nonsense").err()).contains("the server doesn't have a resource type \"nonsense\"");
    }
}
