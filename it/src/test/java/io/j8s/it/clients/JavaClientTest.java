package io.j8s.it.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.AppsV1Api;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.Yaml;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The official Java client.
@ExtendWith(J8sExtension.class)
class JavaClientTest {
    private final ApiClient connection;
    private final CoreV1Api core;

    JavaClientTest(J8s cluster) throws IOException {
        connection = Config.fromConfig(cluster.kubeconfigFile().toString());
        core = new CoreV1Api(connection);
    }

    private static V1ConfigMap map(String name, String color) {
        return new V1ConfigMap().metadata(new V1ObjectMeta().name(name).namespace("default")).data(Map.of("color", color));
    }

    @Test
    void objects_are_created_replaced_and_deleted() throws ApiException {
        V1ConfigMap made = core.createNamespacedConfigMap("default", map("java", "red")).execute();
        core.replaceNamespacedConfigMap("java", "default", map("java", "blue")).execute();
        assertThat(core.readNamespacedConfigMap("java", "default").execute().getData()).containsEntry("color", "blue");
        assertThatThrownBy(() -> core.replaceNamespacedConfigMap("java", "default", made).execute()).isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.getCode()).isEqualTo(409));
        core.deleteNamespacedConfigMap("java", "default").execute();
        assertThatThrownBy(() -> core.readNamespacedConfigMap("java", "default").execute()).isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.getCode()).isEqualTo(404));
    }

    @Test
    void an_informer_follows() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        SharedInformerFactory factory = new SharedInformerFactory(connection);
        factory.sharedIndexInformerFor(new GenericKubernetesApi<>(V1ConfigMap.class, V1ConfigMapList.class, "", "v1", "configmaps", connection), V1ConfigMap.class, 0, "default")
                .addEventHandler(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(V1ConfigMap map) {
                        note("added", map);
                    }

                    @Override
                    public void onUpdate(V1ConfigMap before, V1ConfigMap map) {
                        note("updated", map);
                    }

                    @Override
                    public void onDelete(V1ConfigMap map, boolean unknown) {
                        note("deleted", map);
                    }

                    private void note(String what, V1ConfigMap map) {
                        if ("followed".equals(map.getMetadata().getName())) {
                            seen.add(what + " " + map.getData());
                        }
                    }
                });
        factory.startAllRegisteredInformers();
        try {
            core.createNamespacedConfigMap("default", map("followed", "red")).execute();
            assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("added {color=red}");
            core.replaceNamespacedConfigMap("followed", "default", map("followed", "blue")).execute();
            assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("updated {color=blue}");
            core.deleteNamespacedConfigMap("followed", "default").execute();
            assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("deleted {color=blue}");
        } finally {
            factory.stopAllRegisteredInformers();
        }
    }

    @Test
    void a_deployment_from_yaml_is_served_with_all_defaults() throws ApiException {
        V1Deployment web = Yaml.loadAs("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: java-web}
                spec:
                  selector: {matchLabels: {app: java-web}}
                  template:
                    metadata: {labels: {app: java-web}}
                    spec: {containers: [{name: web, image: registry.example/web:1}]}
                """, V1Deployment.class);
        V1Deployment made = new AppsV1Api(connection).createNamespacedDeployment("default", web).execute();
        assertThat(made.getSpec().getReplicas()).isEqualTo(1);
        assertThat(made.getSpec().getStrategy().getRollingUpdate().getMaxSurge().getStrValue()).isEqualTo("25%");
    }
}
