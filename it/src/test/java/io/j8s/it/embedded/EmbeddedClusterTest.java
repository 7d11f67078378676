package io.j8s.it.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.client.Client;
import io.j8s.model.core.v1.ConfigMap;
import io.j8s.model.core.v1.Node;
import io.j8s.model.networking.v1.ServiceCIDR;
import io.j8s.model.meta.v1.ObjectMeta;
import io.j8s.testkit.J8s;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EmbeddedClusterTest {
    private static final ConfigMap MAP = ConfigMap.EMPTY.withMetadata(ObjectMeta.EMPTY.withName("settings")).withData(Map.of("color", "red"));

    @Test
    void aClusterIsReadyWhenItHasStarted() {
        try (var cluster = J8s.start()) {
            Client client = cluster.client();
            assertThat(client.get(Node.RESOURCE, "", "node").status().conditions()).anyMatch(c -> c.type().equals("Ready") && c.status().equals("True"));
            client.create(ConfigMap.RESOURCE, "default", MAP);
            assertThat(client.get(ConfigMap.RESOURCE, "default", "settings").data()).isEqualTo(Map.of("color", "red"));
        }
    }

    @Test
    void aClusterIsBuiltToMeasure() {
        int port = io.j8s.it.host.Programs.freePort();
        try (var cluster = J8s.builder().nodes(2).nodeName("worker").port(port).serviceRange("10.20.0.0/16").start()) {
            assertThat(cluster.address()).isEqualTo("https://127.0.0.1:" + port);
            assertThat(cluster.client().list(Node.RESOURCE, "")).extracting(node -> node.metadata().name()).containsExactly("worker-0", "worker-1");
            assertThat(cluster.client().get(ServiceCIDR.RESOURCE, "", "kubernetes").spec().cidrs()).containsExactly("10.20.0.0/16");
        }
    }

    @Test
    void clustersDoNotKnowEachOther() {
        try (var one = J8s.start(); var other = J8s.start()) {
            one.client().create(ConfigMap.RESOURCE, "default", MAP);
            assertThat(other.client().find(ConfigMap.RESOURCE, "default", "settings")).isNull();
            assertThat(one.address()).isNotEqualTo(other.address());
        }
    }

    @Test
    void aFurtherClusterInOneJvmStartsAfterTheFirstIsClosed() {
        J8s.start().close();
        try (J8s further = J8s.start()) {
            assertThat(further.client().find(ConfigMap.RESOURCE, "default", "settings")).isNull();
        }
    }

    @Test
    void closingLeavesNoThreadAndNoFile() {
        J8s.start().close(); // what the JVM and libraries keep from their first use on
        Set<String> before = threads();
        Path kubeconfig;
        try (var cluster = J8s.start()) {
            kubeconfig = cluster.kubeconfigFile();
            assertThat(kubeconfig).exists();
        }
        assertThat(Files.exists(kubeconfig.resolve("../..").normalize())).isFalse();
        Set<String> left = new TreeSet<>(threads());
        left.removeAll(before);
        assertThat(left).isEmpty();
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive).map(Thread::getName)
                // the JVM's own, and Netty's one for all, which ends by itself when it has nothing to do
                .filter(name -> !name.startsWith("ForkJoinPool") && !name.startsWith("VirtualThread-unparker") && !name.startsWith("globalEventExecutor"))
                .collect(Collectors.toSet());
    }
}
