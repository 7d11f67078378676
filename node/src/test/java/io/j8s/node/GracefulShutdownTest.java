package io.j8s.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.Node;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.shutdown.ShutdownSettings;
import io.j8s.node.status.PodConditions;
import io.j8s.node.support.TestNode;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The host's login manager is played by two shell scripts in the place of systemd's programs.
@Timeout(120)
final class GracefulShutdownTest {
    private static final String SIGNAL = "{\"type\":\"signal\",\"member\":\"PrepareForShutdown\",\"payload\":{\"type\":\"b\",\"data\":[true]}}";

    @Test
    void pods_are_ended_by_priority_while_the_host_waits(@TempDir Path tools) throws Exception {
        script(tools.resolve("busctl"), "case \"$*\" in *get-property*) echo t 60000000 ;; *monitor*) until [ -e " + tools.resolve("go") + " ]; do sleep 0.05; done; cat " + tools.resolve("signal") + "; exec sleep 1000 ;; esac");
        Files.writeString(tools.resolve("signal"), SIGNAL + System.lineSeparator());
        script(tools.resolve("systemd-inhibit"), "cat; echo released > " + tools.resolve("released"));
        ShutdownSettings settings = ShutdownSettings.of(Duration.ofSeconds(20), Duration.ofSeconds(10)).withTools(tools);
        try (TestNode node = new TestNode(c -> c.withShutdown(settings))) {
            node.run("plain", "trap 'exit 0' TERM; while true; do sleep 0.1; done");
            node.run("vital", s -> s.withPriority(2_000_000_000).withTerminationGracePeriodSeconds(1), c -> c.withCommand(List.of("sh", "-c", "trap 'exit 0' TERM; while true; do sleep 0.1; done")));
            node.awaitRunning("plain");
            node.awaitRunning("vital");
            Files.createFile(tools.resolve("go"));
            for (String name : List.of("plain", "vital")) {
                Pod ended = node.await(name, p -> p.status().phase().equals("Failed"));
                assertThat(ended.status().reason()).isEqualTo("Terminated");
                assertThat(ended.status().message()).isEqualTo("Pod was terminated in response to imminent node shutdown.");
                assertThat(PodConditions.isTrue(ended.status().conditions(), "DisruptionTarget")).isTrue();
            }
            node.run("late", "true");
            assertThat(node.await("late", p -> p.status().phase().equals("Failed")).status().reason()).isEqualTo("NodeShutdown");
            while (!Files.exists(tools.resolve("released")) || node.api().get(Node.RESOURCE, "", TestNode.NAME).status().conditions().stream().noneMatch(c -> c.message().contains("node is shutting down"))) {
                Timeline.system().sleep(Duration.ofMillis(20));
            }
        }
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
