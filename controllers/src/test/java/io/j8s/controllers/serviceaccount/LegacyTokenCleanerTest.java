package io.j8s.controllers.serviceaccount;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.controllers.frame.Simulation;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.EnvVar;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ObjectReference;
import io.j8s.model.core.v1.Pod;
import io.j8s.model.core.v1.Secret;
import io.j8s.model.core.v1.ServiceAccount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LegacyTokenCleanerTest {
    private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";

    @Test
    void unused_tokens_are_marked_and_a_period_later_deleted() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.api.create(ConfigMap.RESOURCE, "kube-system", ConfigMap.EMPTY.withMetadata(named("kube-apiserver-legacy-service-account-token-tracking")).withData(Map.of("since", "2026-01-01")));
            simulation.api.create(ServiceAccount.RESOURCE, "ns", ServiceAccount.EMPTY.withMetadata(named("robot"))
                    .withSecrets(List.of(reference("unused"), reference("mounted"), reference("used"))));
            token(simulation, "unused", Map.of());
            token(simulation, "mounted", Map.of());
            token(simulation, "used", Map.of("kubernetes.io/legacy-token-last-used", "2026-03-01"));
            token(simulation, "by-hand", Map.of());
            simulation.api.create(Pod.RESOURCE, "ns", Pod.EMPTY.withMetadata(named("user"))
                    .withSpec(s -> s.withContainers(List.of(Container.EMPTY.withName("c").withEnv(List.of(EnvVar.EMPTY.withName("T").withValueFrom(v -> v.withSecretKeyRef(k -> k.withName("mounted")))))))));
            simulation.start(context -> new LegacyTokenCleaner(context, Duration.ofDays(30)));
            simulation.advance(Duration.ofDays(30));
            assertThat(simulation.api.peek(Secret.RESOURCE, "ns")).hasSize(4).noneMatch(s -> s.metadata().labels().containsKey(INVALID_SINCE));
            simulation.advance(Duration.ofDays(3));
            assertThat(simulation.api.peek(Secret.RESOURCE, "ns")).filteredOn(s -> s.metadata().labels().containsKey(INVALID_SINCE)).extracting(s -> s.metadata().name()).containsExactly("unused");
            simulation.advance(Duration.ofDays(32));
            assertThat(simulation.api.peek(Secret.RESOURCE, "ns")).extracting(s -> s.metadata().name()).containsExactlyInAnyOrder("by-hand", "mounted", "used");
        }
    }

    private static ObjectReference reference(String name) {
        return ObjectReference.EMPTY.withName(name);
    }

    private static void token(Simulation simulation, String name, Map<String, String> labels) {
        simulation.api.create(Secret.RESOURCE, "ns", Secret.EMPTY.withType("kubernetes.io/service-account-token")
                .withMetadata(named(name).withLabels(labels).withAnnotations(Map.of("kubernetes.io/service-account.name", "robot"))));
    }
}
