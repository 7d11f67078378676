package io.j8s.it.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.Client;
import io.j8s.client.DeleteOptions;
import io.j8s.client.ListOptions;
import io.j8s.client.informer.Handler;
import io.j8s.client.informer.Informer;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Service;
import io.j8s.runtime.Timeline;
import io.j8s.testkit.J8s;
import io.j8s.testkit.J8sExtension;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the API server publishes of itself.
@ExtendWith(J8sExtension.class)
class PublicationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final Client client;

    PublicationTest(J8s cluster) {
        this.client = cluster.client();
    }

    @Test
    void podsFindTheApiByAServiceThatComesBackWhenItIsDeleted() throws Exception {
        BlockingQueue<Service> seen = new LinkedBlockingQueue<>();
        try (Informer<Service> services = new Informer<>(client, Timeline.system(), Service.RESOURCE, "default", ListOptions.fields("metadata.name=kubernetes"))) {
            services.addHandler(Handler.each(seen::add));
            services.start();
            Service first = seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(first.spec().clusterIP()).isEqualTo("10.96.0.1");
            assertThat(first.spec().ports().getFirst().port()).isEqualTo(443);
            client.delete(Service.RESOURCE, "default", "kubernetes", DeleteOptions.DEFAULT);
            Service again = first;
            while (again.metadata().uid().equals(first.metadata().uid())) {
                again = seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(again.spec()).isEqualTo(first.spec());
        }
    }

    @Test
    void otherServersLearnWhomToBelieve() throws Exception {
        BlockingQueue<ConfigMap> seen = new LinkedBlockingQueue<>();
        try (Informer<ConfigMap> maps = new Informer<>(client, Timeline.system(), ConfigMap.RESOURCE, "kube-system", ListOptions.fields("metadata.name=extension-apiserver-authentication"))) {
            maps.addHandler(Handler.each(seen::add));
            maps.start();
            assertThat(seen.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS).data().get("client-ca-file")).startsWith("-----BEGIN CERTIFICATE-----");
        }
    }
}
