package io.j8s.controllers.bootstrap;

import static io.j8s.controllers.frame.Simulation.named;
import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.controllers.frame.Simulation;
import io.j8s.model.Bytes;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Secret;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BootstrapSignerTest {

    /// The signature was computed with `openssl dgst -sha256 -hmac`.
    @Test
    void the_cluster_info_is_signed_by_each_token_that_may_sign() {
        try (Simulation simulation = new Simulation(1)) {
            simulation.start(BootstrapSigner::new);
            simulation.api.create(ConfigMap.RESOURCE, "kube-public", ConfigMap.EMPTY.withMetadata(named("cluster-info")).withData(Map.of("kubeconfig", "payload", "jws-kubeconfig-zzzzzz", "old")));
            create(simulation, "abcdef", Map.of("usage-bootstrap-signing", "true"));
            create(simulation, "ghijkl", Map.of("usage-bootstrap-authentication", "true"));
            create(simulation, "mnopqr", Map.of("usage-bootstrap-signing", "true", "expiration", "2001-01-01T00:00:00Z"));
            simulation.settle();
            Map<String, String> data = simulation.api.get(ConfigMap.RESOURCE, "kube-public", "cluster-info").data();
            assertThat(data).containsOnlyKeys("kubeconfig", "jws-kubeconfig-abcdef");
            assertThat(data.get("jws-kubeconfig-abcdef")).isEqualTo("eyJhbGciOiJIUzI1NiIsImtpZCI6ImFiY2RlZiJ9..pQpAf41KnbpDpf53Otu_ufAeAbWD9CSytTS_WpoG4Mc");
            simulation.assertQuiet();
            simulation.api.delete(Secret.RESOURCE, "kube-system", "bootstrap-token-abcdef", io.j8s.client.DeleteOptions.DEFAULT);
            simulation.settle();
            assertThat(simulation.api.get(ConfigMap.RESOURCE, "kube-public", "cluster-info").data()).containsOnlyKeys("kubeconfig");
        }
    }

    private static void create(Simulation simulation, String id, Map<String, String> more) {
        Map<String, Bytes> data = new HashMap<>(Map.of("token-id", Bytes.of(id), "token-secret", Bytes.of("0123456789abcdef")));
        more.forEach((key, value) -> data.put(key, Bytes.of(value)));
        simulation.api.create(Secret.RESOURCE, "kube-system", Secret.EMPTY.withMetadata(named("bootstrap-token-" + id)).withType("bootstrap.kubernetes.io/token").withData(data));
    }
}
