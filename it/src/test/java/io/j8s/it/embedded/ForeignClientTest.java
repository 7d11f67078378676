package io.j8s.it.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// fabric8's client, over HTTPS, from the kubeconfig that the cluster hands out.
@ExtendWith(J8sExtension.class)
class ForeignClientTest {
    private final KubernetesClient client;

    ForeignClientTest(J8s cluster) {
        client = new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(cluster.kubeconfig())).build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    private static ConfigMap map(String name, String color) {
        return new ConfigMapBuilder().withNewMetadata().withName(name).withNamespace("default").endMetadata().addToData("color", color).build();
    }

    @Test
    void objectsAreCreatedReadChangedAndDeleted() {
        client.resource(map("one", "red")).create();
        assertThat(client.configMaps().inNamespace("default").withName("one").get().getData()).containsEntry("color", "red");
        client.configMaps().inNamespace("default").withName("one").edit(m -> new ConfigMapBuilder(m).addToData("color", "blue").build());
        assertThat(client.configMaps().inNamespace("default").withName("one").get().getData()).containsEntry("color", "blue");
        client.resource(map("one", "green")).forceConflicts().serverSideApply();
        assertThat(client.configMaps().inNamespace("default").withName("one").get().getData()).containsEntry("color", "green");
        client.configMaps().inNamespace("default").withName("one").delete();
        assertThat(client.configMaps().inNamespace("default").withName("one").get()).isNull();
    }

    @Test
    void changesAreWatched() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (var watch = client.configMaps().inNamespace("default").withName("watched").watch(new Watcher<ConfigMap>() {
            @Override
            public void eventReceived(Action action, ConfigMap resource) {
                seen.add(action + " " + resource.getData());
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add("closed");
            }
        })) {
            assertThat(watch).isNotNull();
            client.resource(map("watched", "red")).create();
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("ADDED {color=red}");
            client.configMaps().inNamespace("default").withName("watched").delete();
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("DELETED {color=red}");
        }
    }

    @Test
    void aDeploymentBecomesReady() {
        client.resource(new DeploymentBuilder().withNewMetadata().withName("web").withNamespace("default").endMetadata()
                .withNewSpec().withReplicas(2)
                .withNewSelector().addToMatchLabels("app", "web").endSelector()
                .withNewTemplate().withNewMetadata().addToLabels("app", "web").endMetadata()
                .withNewSpec().addNewContainer().withName("web").withImage("registry.example/web:1").endContainer().endSpec()
                .endTemplate().endSpec().build()).create();
        client.apps().deployments().inNamespace("default").withName("web").waitUntilReady(30, TimeUnit.SECONDS);
        assertThat(client.pods().inNamespace("default").withLabel("app", "web").list().getItems()).hasSize(2).allMatch(p -> p.getStatus().getPhase().equals("Running"));
    }
}
