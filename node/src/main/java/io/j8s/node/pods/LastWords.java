package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.layout.NodeDirs;
import io.j8s.node.logs.LogFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The termination message of a container (Kubernetes documentation, "Determine the Reason for Pod Failure").
final class LastWords {
    private static final int LONGEST_MESSAGE = 4096;
    private static final int LONGEST_LOG = 2048;
    private static final int MOST_LINES = 80;

    private LastWords() {}

    static String of(Pod pod, Container container, ContainerView ended, NodeDirs dirs) throws IOException {
        Path file = Mounts.terminationPlace(pod, container.name(), ended.attempt(), dirs);
        String message = "";
        if (Files.isRegularFile(file)) {
            try (InputStream in = Files.newInputStream(file)) {
                message = new String(in.readNBytes(LONGEST_MESSAGE), StandardCharsets.UTF_8);
            }
        }
        boolean fallback = container.terminationMessagePolicy().equals("FallbackToLogsOnError") && ended.exitCode() != 0;
        Path log = Path.of(ended.logPath());
        return message.isEmpty() && fallback && Files.isRegularFile(log) ? LogFile.tail(log, MOST_LINES, LONGEST_LOG) : message;
    }
}
