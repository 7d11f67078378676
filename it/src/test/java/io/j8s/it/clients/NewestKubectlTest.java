package io.j8s.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// kubectl of the release that j8s speaks, where it differs from older ones: protobuf and watch-lists by default, WebSockets, apply sets.
@ExtendWith(J8sExtension.class)
class NewestKubectlTest {
    @Test
    void the_newest_kubectl_creates_reads_explains_and_deletes(J8s cluster, @TempDir Path home) {
        ForeignClient kubectl = new ForeignClient("kubectl", cluster.kubeconfigFile(), home);
        kubectl.ok("create", "namespace", "newest");
        kubectl.ok("create", "deployment", "web", "-n", "newest", "--image=registry.example/web:1", "--replicas=2");
        assertThat(kubectl.ok("rollout", "status", "deployment/web", "-n", "newest", "--timeout=30s")).contains("successfully rolled out");
        assertThat(kubectl.ok("get", "deployments", "-n", "newest")).containsPattern("web +2/2 +2 +2 ");
        kubectl.ok("wait", "--for=jsonpath={.status.readyReplicas}=2", "deployment/web", "-n", "newest", "--timeout=30s");
        assertThat(kubectl.ok("explain", "deployment.spec.strategy", "--recursive")).contains("rollingUpdate", "maxSurge");
        assertThat(kubectl.ok("describe", "deployment", "web", "-n", "newest")).contains("2 desired | 2 updated | 2 total | 2 available | 0 unavailable");
        assertThat(kubectl.ok("events", "-n", "newest")).contains("ScalingReplicaSet");
        assertThat(kubectl.ok("auth", "whoami")).contains("Username");
        kubectl.ok("create", "configmap", "m", "-n", "newest", "--from-literal=a=b");
        kubectl.ok("set", "image", "deployment/web", "-n", "newest", "*=registry.example/web:2");
        assertThat(kubectl.ok("rollout", "history", "deployment/web", "-n", "newest")).contains("REVISION");
        kubectl.ok("delete", "namespace", "newest", "--timeout=60s");
        assertThat(kubectl.ok("version", "-o", "json")).contains("\"gitVersion\": \"v1.36");
    }
}
