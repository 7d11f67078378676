package io.j8s.it.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.host.Kubectl;
import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Helm with the chart in `it/clients/chart`: hooks, waiting, three-way merges, history in Secrets.
@ExtendWith(J8sExtension.class)
class HelmTest {
    private static final String CHART = ForeignClient.SOURCES.resolve("chart").toString();

    @Test
    void a_chart_is_installed_upgraded_rolled_back_and_removed(J8s cluster, @TempDir Path home) {
        ForeignClient helm = new ForeignClient("helm", cluster.kubeconfigFile(), home);
        Kubectl kubectl = new Kubectl(List.of(), cluster.kubeconfigFile(), home);

        assertThat(helm.ok("install", "web", CHART, "--namespace", "shop", "--create-namespace", "--wait", "--timeout", "60s")).contains("STATUS: deployed");
        assertThat(color(kubectl)).isEqualTo("red");
        assertThat(kubectl.ok("get", "deployment", "web", "-n", "shop", "-o", "jsonpath={.status.readyReplicas}")).isEqualTo("2");
        assertThat(kubectl.ok("get", "jobs", "-n", "shop", "-o", "name")).as("the hook's job is removed when it has succeeded").isEmpty();

        helm.ok("upgrade", "web", CHART, "-n", "shop", "--set", "color=blue,replicas=3", "--wait", "--timeout", "60s");
        assertThat(color(kubectl)).isEqualTo("blue");
        assertThat(helm.run("upgrade", "web", CHART, "-n", "shop", "--set", "replicas=many").err()).contains("replicas");

        helm.ok("rollback", "web", "1", "-n", "shop", "--wait", "--timeout", "60s");
        assertThat(color(kubectl)).isEqualTo("red");
        assertThat(helm.ok("history", "web", "-n", "shop", "-o", "json")).contains("Rollback to 1");
        assertThat(helm.ok("list", "-n", "shop", "-o", "json")).contains("\"status\":\"deployed\"");

        helm.ok("uninstall", "web", "-n", "shop", "--wait", "--timeout", "60s");
        assertThat(kubectl.ok("get", "deployments,services,configmaps,roles", "-n", "shop", "-l", "app.kubernetes.io/managed-by=Helm", "-o", "name")).isEmpty();
    }

    private static String color(Kubectl kubectl) {
        return kubectl.ok("get", "configmap", "web-settings", "-n", "shop", "-o", "jsonpath={.data.color}");
    }
}
