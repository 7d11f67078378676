package io.j8s.controllers.namespace;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.DeleteOptions;
import io.j8s.client.testing.Refusals;
import io.j8s.controllers.frame.Simulation;
import io.j8s.controllers.serviceaccount.RootCertificatePublisher;
import io.j8s.controllers.serviceaccount.ServiceAccountController;
import io.j8s.controllers.serviceaccount.ServiceAccountSettings;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Namespace;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.ServiceAccount;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NamespaceControllerTest {
    private final Simulation simulation = new Simulation(42);

    @AfterEach
    void close() {
        simulation.close();
    }

    private void start() {
        simulation.api.serve(Namespace.RESOURCE, Pod.RESOURCE, ConfigMap.RESOURCE, ServiceAccount.RESOURCE);
        simulation.start(context -> new ServiceAccountController(context, 1));
        simulation.start(context -> new RootCertificatePublisher(context, new ServiceAccountSettings("PEM", null), 1));
        simulation.start(context -> new NamespaceController(context, 10));
        simulation.api.create(Namespace.RESOURCE, "", Namespace.EMPTY.withMetadata(named("ns")));
        simulation.settle();
    }

    @Test
    void aNewNamespaceGetsItsAccountAndTheRootCertificate() {
        start();
        assertThat(simulation.api.get(ServiceAccount.RESOURCE, "ns", "default")).isNotNull();
        assertThat(simulation.api.get(ConfigMap.RESOURCE, "ns", "kube-root-ca.crt").data()).containsEntry("ca.crt", "PEM");
        simulation.api.delete(ServiceAccount.RESOURCE, "ns", "default", DeleteOptions.DEFAULT);
        simulation.api.delete(ConfigMap.RESOURCE, "ns", "kube-root-ca.crt", DeleteOptions.DEFAULT);
        simulation.settle();
        assertThat(simulation.api.get(ServiceAccount.RESOURCE, "ns", "default")).isNotNull();
        assertThat(simulation.api.get(ConfigMap.RESOURCE, "ns", "kube-root-ca.crt")).isNotNull();
        simulation.assertQuiet();
    }

    @Test
    void everythingGoesWithTheNamespace() {
        start();
        for (int i = 0; i < 50; i++) {
            simulation.api.create(ConfigMap.RESOURCE, "ns", ConfigMap.EMPTY.withMetadata(named("c" + i)));
        }
        delete();
        simulation.settle();
        assertThat(simulation.api.peek(Namespace.RESOURCE, "")).isEmpty();
        assertThat(simulation.api.peek(ConfigMap.RESOURCE, "ns")).isEmpty();
        assertThat(simulation.api.peek(ServiceAccount.RESOURCE, "ns")).isEmpty();
    }

    @Test
    void theRestWaitsUntilThePodsAreGone() {
        start();
        simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named("p")).withSpec(s -> s.withNodeName("n").withTerminationGracePeriodSeconds(30)));
        delete();
        simulation.advance(Duration.ofSeconds(10));
        assertThat(simulation.api.peek(ConfigMap.RESOURCE, "ns")).isNotEmpty();
        assertThat(condition("NamespaceContentRemaining")).isEqualTo("True/SomeResourcesRemain/Some resources are remaining: pods. has 1 resource instances");
        simulation.finishDeletions("ns");
        simulation.advance(Duration.ofSeconds(1));
        assertThat(simulation.api.peek(Namespace.RESOURCE, "")).isEmpty();
    }

    @Test
    void finalizersAreNamedAndWaitedFor() {
        start();
        simulation.api.create(ConfigMap.RESOURCE, "ns", ConfigMap.EMPTY.withMetadata(named("held").withFinalizers(List.of("test/hold"))));
        delete();
        simulation.advance(Duration.ofMinutes(1));
        assertThat(condition("NamespaceFinalizersRemaining")).contains("True/SomeFinalizersRemain").contains("test/hold in 1 resource instances");
        ConfigMap held = simulation.api.get(ConfigMap.RESOURCE, "ns", "held");
        simulation.api.update(ConfigMap.RESOURCE, "ns", held.withMetadata(m -> m.withoutFinalizers()));
        simulation.advance(Duration.ofMinutes(1));
        assertThat(simulation.api.peek(Namespace.RESOURCE, "")).isEmpty();
    }

    @Test
    void failuresAreReportedAndRetried() {
        start();
        simulation.api.faults(request -> request.verb().equals("deletecollection") && request.resource().plural().equals("configmaps") ? Refusals.unavailable() : null);
        delete();
        simulation.advance(Duration.ofSeconds(10));
        assertThat(condition("NamespaceDeletionContentFailure")).startsWith("True/ContentDeletionFailed");
        simulation.api.faults(request -> null);
        simulation.advance(Duration.ofMinutes(2));
        assertThat(simulation.api.peek(Namespace.RESOURCE, "")).isEmpty();
    }

    private void delete() {
        simulation.api.delete(Namespace.RESOURCE, "", "ns", DeleteOptions.DEFAULT);
    }

    private String condition(String type) {
        return simulation.api.peek(Namespace.RESOURCE, "").getFirst().status().conditions().stream().filter(c -> c.type().equals(type)).findFirst().map(c -> c.status() + "/" + c.reason() + "/" + c.message()).orElse("none");
    }
}
