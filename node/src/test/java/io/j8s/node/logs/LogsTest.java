package io.j8s.node.logs;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.model.core.v1.Pod;
import io.j8s.node.support.TestNode;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogsTest {
    private static final String LOG = """
            2026-01-01T00:00:01.000000000Z stdout F one
            2026-01-01T00:00:02.000000000Z stdout P part
            2026-01-01T00:00:02.000000001Z stdout F ial
            2026-01-01T00:00:03.000000000Z stderr F three
            """;

    @Test
    void lines_are_joined_selected_and_cut(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("0.log"), LOG);
        assertThat(LogFile.tail(file, 80, 2048)).isEqualTo("one\npartial\nthree\n");
        assertThat(LogFile.tail(file, 1, 2048)).isEqualTo("three\n");
        assertThat(LogFile.tail(file, 80, 4)).isEqualTo("ree\n");
    }

    @Test
    void what_is_not_in_the_format_is_left_out() {
        byte[] bytes = "broken\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(LogLine.parse(bytes, 0, bytes.length)).isNull();
    }

    @Test
    void a_large_log_is_rotated_and_the_container_goes_on_in_a_new_one() throws Exception {
        try (TestNode node = new TestNode()) {
            node.run("talks", "while true; do echo 0123456789012345678901234567890123456789; sleep 0.02; done");
            Pod pod = node.awaitRunning("talks");
            Path directory = node.directory().resolve("logs/pods/default_talks_" + pod.metadata().uid() + "/main");
            LogRotation rotation = new LogRotation(node.kubelet().containerd().cri(), Timeline.system(), node.directory().resolve("logs/pods"),
                    new io.j8s.node.settings.HousekeepingSettings(85, 80, java.time.Duration.ZERO, java.time.Duration.ZERO, 100, 2, java.time.Duration.ofSeconds(10)));
            node.await("talks", p -> size(directory.resolve("0.log")) > 200);
            rotation.rotateAll();
            node.await("talks", p -> size(directory.resolve("0.log")) > 0);
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files.map(f -> f.getFileName().toString())).hasSize(2).contains("0.log").anyMatch(f -> f.startsWith("0.log.20"));
            }
            node.delete("talks");
        }
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
