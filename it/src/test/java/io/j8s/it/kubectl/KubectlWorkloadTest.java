package io.j8s.it.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.host.Result;
import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What kubectl prints while it works on workloads: the same as against the real API server and controllers.
@ExtendWith(J8sExtension.class)
class KubectlWorkloadTest {
    private final J8s cluster;
    private final Path home;

    KubectlWorkloadTest(J8s cluster, @TempDir Path home) {
        this.cluster = cluster;
        this.home = home;
    }

    private Session session(String namespace) {
        return Session.of(cluster, home, namespace);
    }

    @Test
    void aRolloutIsPausedLookedBackAtAndResumed() {
        Session session = session("work-pause");
        session.deployed("web", 2);
        session.ok("set", "image", "deployment/web", "web=registry.example/web:2");
        session.ok("rollout", "status", "deployment/web", "--timeout=60s");
        assertThat(session.ok("rollout", "history", "deployment/web", "--revision=2")).startsWith("deployment.apps/web with revision #2\nPod Template:\n  Labels:\tapp=web\n\tpod-template-hash=")
                .contains("    Image:\tregistry.example/web:2\n");
        assertThat(session.ok("rollout", "pause", "deployment/web")).isEqualTo("deployment.apps/web paused\n");
        assertThat(session.ok("set", "env", "deployment/web", "A=b")).isEqualTo("deployment.apps/web env updated\n");
        assertThat(session.run("rollout", "undo", "deployment/web").err())
                .isEqualTo("error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again\n");
        assertThat(session.ok("get", "rs", "-o", "name").lines()).hasSize(2);
        assertThat(session.ok("rollout", "resume", "deployment/web")).isEqualTo("deployment.apps/web resumed\n");
        session.ok("rollout", "status", "deployment/web", "--timeout=60s");
        assertThat(session.ok("rollout", "undo", "deployment/web", "--to-revision=1")).isEqualTo("deployment.apps/web rolled back\n");
        session.ok("rollout", "status", "deployment/web", "--timeout=60s");
        assertThat(session.ok("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[0]['image','env']}")).isEqualTo("registry.example/web:1");
    }

    @Test
    void scalingMindsWhatItFinds() {
        Session session = session("work-scale");
        session.deployed("web", 2);
        assertThat(session.ok("scale", "deployment/web", "--replicas=3", "--current-replicas=2")).isEqualTo("deployment.apps/web scaled\n");
        Result other = session.run("scale", "deployment/web", "--replicas=1", "--current-replicas=7");
        assertThat(other.status()).isEqualTo(1);
        assertThat(other.err()).isEqualTo("error: Expected replicas to be 7, was 3\n");
        assertThat(session.ok("autoscale", "deployment", "web", "--min=2", "--max=4", "--cpu-percent=80")).isEqualTo("horizontalpodautoscaler.autoscaling/web autoscaled\n");
        session.ok("wait", "--for=condition=AbleToScale", "hpa/web", "--timeout=30s");
        assertThat(session.ok("get", "hpa")).containsPattern("(?m)^web +Deployment/web +cpu: <unknown>/80% +2 +4 +\\d ");
        assertThat(session.ok("create", "pdb", "web", "--selector=app=web", "--min-available=1")).isEqualTo("poddisruptionbudget.policy/web created\n");
        session.ok("wait", "--for=jsonpath={.status.expectedPods}=3", "pdb/web", "--timeout=30s");
        assertThat(session.ok("get", "pdb", "--no-headers")).containsPattern("^web +1 +N/A +2 ");
    }

    @Test
    void objectsArePatchedReplacedAndShownByTemplates() {
        Session session = session("work-patch");
        session.ok("create", "configmap", "settings", "--from-literal=color=red");
        assertThat(session.ok("patch", "configmap", "settings", "-p", "{\"data\":{\"x\":\"y\"}}")).isEqualTo("configmap/settings patched\n");
        assertThat(session.ok("patch", "configmap", "settings", "--type=json", "-p", "[{\"op\":\"replace\",\"path\":\"/data/color\",\"value\":\"blue\"}]")).isEqualTo("configmap/settings patched\n");
        assertThat(session.ok("patch", "configmap", "settings", "--type=merge", "-p", "{\"data\":{\"color\":\"blue\"}}")).isEqualTo("configmap/settings patched (no change)\n");
        assertThat(session.ok("get", "configmap", "settings", "-o", "jsonpath={.data}")).isEqualTo("{\"color\":\"blue\",\"x\":\"y\"}");
        assertThat(session.ok("get", "configmap", "settings", "-o", "go-template={{.data.color}}")).isEqualTo("blue");
        assertThat(session.ok("get", "configmap", "settings", "-o", "custom-columns=N:.metadata.name,C:.data.color")).isEqualTo("N          C\nsettings   blue\n");
        String manifest = session.ok("get", "configmap", "settings", "-o", "yaml").replace("blue", "green");
        assertThat(session.withInput(manifest, "replace", "-f", "-").ok()).isEqualTo("configmap/settings replaced\n");
        Result stale = session.withInput(manifest.replace("green", "grey"), "replace", "-f", "-");
        assertThat(stale.err()).startsWith("Error from server (Conflict): error when replacing \"STDIN\": Operation cannot be fulfilled on configmaps \"settings\": the object has been modified; "
                + "please apply your changes to the latest version and try again");
    }

    @Test
    void quotasRolesAndWrongNamesAreDescribedAsUsual() {
        Session session = session("work-describe");
        session.ok("create", "quota", "q", "--hard=pods=10,configmaps=5");
        session.ok("wait", "--for=jsonpath={.status.used.configmaps}=1", "quota/q", "--timeout=30s");
        assertThat(session.ok("describe", "quota", "q")).isEqualTo("""
                Name:       q
                Namespace:  work-describe
                Resource    Used  Hard
                --------    ----  ----
                configmaps  1     5
                pods        0     10
                """);
        session.ok("create", "role", "rr", "--verb=get", "--resource=pods");
        session.ok("create", "rolebinding", "rb", "--role=rr", "--user=jane");
        assertThat(session.ok("describe", "rolebinding", "rb")).contains("Role:\n  Kind:  Role\n  Name:  rr\nSubjects:\n  Kind  Name  Namespace\n  ----  ----  ---------\n  User  jane  ");
        assertThat(session.run("get", "pods", "nope", "--ignore-not-found")).isEqualTo(new Result(0, "", ""));
        assertThat(session.run("create", "deployment", "Web", "--image=x").err()).isEqualTo("error: failed to create deployment: Deployment.apps \"Web\" is invalid: metadata.name: Invalid value: "
                + "\"Web\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character "
                + "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')\n");
    }
}
