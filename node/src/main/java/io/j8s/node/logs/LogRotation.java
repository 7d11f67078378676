package io.j8s.node.logs;

import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.v1.Container;
import io.j8s.node.cri.v1.ContainerState;
import io.j8s.node.cri.v1.ContainerStatus;
import io.j8s.node.settings.HousekeepingSettings;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps container logs small: a log over the size is renamed, the runtime goes on in a new one, and only so many files of a container are kept
/// (upstream's containerLogMaxSize and containerLogMaxFiles). One task looks every 10 seconds, at the sizes of the files only.
public final class LogRotation {
    private static final Logger LOG = LoggerFactory.getLogger(LogRotation.class);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Cri cri;
    private final Timeline timeline;
    private final Path logs;
    private final HousekeepingSettings settings;

    /// @param logs the directory of all pods' logs
    public LogRotation(Cri cri, Timeline timeline, Path logs, HousekeepingSettings settings) {
        this.cri = cri;
        this.timeline = timeline;
        this.logs = logs;
        this.settings = settings;
    }

    /// The task's body.
    public void run() throws InterruptedException {
        while (true) {
            timeline.sleep(settings.logPeriod());
            try {
                if (anyLarge()) {
                    rotateAll();
                }
            } catch (IOException | CriException e) {
                LOG.warn("logs cannot be rotated: {}", e.getMessage());
            }
        }
    }

    private boolean anyLarge() throws IOException {
        if (!Files.isDirectory(logs)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(logs, 3)) {
            return files.anyMatch(file -> file.toString().endsWith(".log") && large(file));
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private boolean large(Path file) {
        try {
            return Files.size(file) > settings.logBytes();
        } catch (IOException e) {
            return false;
        }
    }

    /// Rotates the logs of all running containers that are too large.
    void rotateAll() throws IOException {
        for (Container container : cri.containers(Map.of())) {
            if (container.getState() == ContainerState.CONTAINER_RUNNING) {
                ContainerStatus status = cri.containerStatus(container.getId());
                Path file = status == null ? Path.of("") : Path.of(status.getLogPath());
                if (Files.isRegularFile(file) && large(file)) {
                    rotate(container.getId(), file);
                }
            }
        }
    }

    private void rotate(String id, Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Path rotated = file.resolveSibling(file.getFileName() + "." + STAMP.format(timeline.now()));
        Files.move(file, rotated, StandardCopyOption.ATOMIC_MOVE);
        try {
            cri.reopenLog(id);
        } catch (CriException e) {
            Files.move(rotated, file, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        if (directory == null) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> old = files.filter(f -> f.getFileName().toString().startsWith(file.getFileName() + ".")).sorted(Comparator.<Path>naturalOrder().reversed()).toList();
            for (Path each : old.subList(Math.min(settings.logFiles() - 1, old.size()), old.size())) {
                Files.delete(each);
            }
        }
    }
}
