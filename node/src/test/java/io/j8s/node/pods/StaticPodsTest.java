package io.j8s.node.pods;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.Pod;
import io.j8s.node.support.TestImages;
import io.j8s.node.support.TestNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StaticPodsTest {
    @Test
    void a_manifest_runs_is_mirrored_in_the_api_and_ends_with_its_file(@TempDir Path manifests) throws Exception {
        try (TestNode node = new TestNode(c -> c.withPods(c.pods().withManifests(manifests)))) {
            Path file = manifests.resolve("web.yaml");
            String manifest = """
                    apiVersion: v1
                    kind: Pod
                    metadata:
                      name: web
                    spec:
                      terminationGracePeriodSeconds: 1
                      containers:
                      - name: main
                        image: %s
                        imagePullPolicy: IfNotPresent
                        command: ["sleep", "1000"]
                    """.formatted(TestImages.BUSYBOX);
            Files.writeString(file, manifest);
            Pod mirror = node.awaitRunning("web-" + TestNode.NAME);
            assertThat(mirror.metadata().annotations()).containsKeys(StaticPods.MIRROR, StaticPods.HASH).containsEntry(StaticPods.SOURCE, "file");
            Files.delete(file);
            node.awaitGone("web-" + TestNode.NAME);
            Files.writeString(file, manifest); // as it was, perhaps while the pod still ends
            node.awaitRunning("web-" + TestNode.NAME);
            Files.delete(file);
            node.awaitGone("web-" + TestNode.NAME);
            assertThat(node.kubelet().pods()).allSatisfy(p -> assertThat(p.metadata().name()).startsWith("web"));
        }
        Files.delete(manifests);
    }
}
