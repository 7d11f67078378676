package io.j8s.node.server;

import io.j8s.http.BodyWriter;
import io.j8s.http.Exchange;
import io.j8s.http.Headers;
import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.layout.NodeDirs;
import io.j8s.node.logs.LogFile;
import io.j8s.node.logs.LogOptions;
import io.j8s.node.pods.PodWorkers;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Serves container logs (API reference, "PodLogOptions").
final class Logs {
    private final PodWorkers workers;
    private final NodeDirs dirs;
    private final Timeline timeline;

    Logs(PodWorkers workers, NodeDirs dirs, Timeline timeline) {
        this.workers = workers;
        this.dirs = dirs;
        this.timeline = timeline;
    }

    void serve(Exchange exchange, Pod pod, String container, Query query) throws Refusal, IOException, InterruptedException {
        ContainerStatus status = status(pod, container);
        LogOptions options = options(query);
        boolean previous = query.flag("previous");
        Path file = dirs.podLog(pod.metadata().namespace(), pod.metadata().name(), pod.metadata().uid()).resolve(container).resolve(attempt(pod, status, previous) + ".log");
        if (!Files.exists(file)) {
            throw new Refusal(400, "failed to try resolving symlinks in path \"" + file + "\": the log of container \"" + container + "\" is not there (any more)");
        }
        String id = previous ? "" : status.containerID();
        try (BodyWriter body = exchange.begin(200, Headers.of("content-type", "text/plain; charset=utf-8"))) {
            body.flush();
            LogFile.read(file, options, new Container(pod, container, id), bytes -> {
                body.write(bytes);
                body.flush();
            });
        }
    }

    /// A container as the writer of its log.
    private final class Container implements LogFile.Writer {
        private final Pod pod;
        private final String name;
        private final String id;

        Container(Pod pod, String name, String id) {
            this.pod = pod;
            this.name = name;
            this.id = id;
        }

        @Override
        public boolean runs() {
            return Logs.this.runs(pod, name, id);
        }

        @Override
        public Task onEnd(Runnable then) {
            return timeline.start("log's end", () -> {
                workers.await(() -> !runs());
                then.run();
            });
        }
    }

    static ContainerStatus status(Pod pod, String container) throws Refusal {
        return Stream.concat(Stream.concat(pod.status().containerStatuses().stream(), pod.status().initContainerStatuses().stream()), pod.status().ephemeralContainerStatuses().stream())
                .filter(s -> s.name().equals(container)).findFirst()
                .orElseThrow(() -> new Refusal(404, "container \"" + container + "\" not found in pod \"" + pod.metadata().name() + "\""));
    }

    /// The attempt whose log is wanted: while a container waits to start again, that is the one that ended last.
    private static int attempt(Pod pod, ContainerStatus status, boolean previous) throws Refusal {
        boolean waits = status.state().hasWaiting();
        boolean hasLast = status.lastState().hasTerminated();
        if (previous) {
            if (!hasLast) {
                throw new Refusal(400, "previous terminated container \"" + status.name() + "\" in pod \"" + pod.metadata().name() + "\" not found");
            }
            return waits ? status.restartCount() : status.restartCount() - 1;
        }
        if (waits && !hasLast) {
            String reason = status.state().waiting().reason();
            String why = reason.equals("ImagePullBackOff") || reason.equals("ErrImagePull") ? "trying and failing to pull image" : reason;
            throw new Refusal(400, "container \"" + status.name() + "\" in pod \"" + pod.metadata().name() + "\" is waiting to start: " + why);
        }
        return status.restartCount();
    }

    private boolean runs(Pod pod, String container, String id) {
        Pod now = workers.pod(pod.metadata().namespace(), pod.metadata().name());
        if (now == null || id.isEmpty()) {
            return false;
        }
        return Stream.of(now.status().containerStatuses(), now.status().initContainerStatuses(), now.status().ephemeralContainerStatuses()).flatMap(List::stream)
                .anyMatch(s -> s.name().equals(container) && s.containerID().equals(id) && s.state().hasRunning());
    }

    private LogOptions options(Query query) throws Refusal {
        String stream = query.get("stream").isEmpty() ? "All" : query.get("stream");
        return new LogOptions(query.flag("follow"), query.flag("timestamps"), since(query), query.number("tailLines", -1), query.number("limitBytes", -1), stream);
    }

    private @Nullable Instant since(Query query) throws Refusal {
        long seconds = query.number("sinceSeconds", -1);
        if (seconds >= 0) {
            return timeline.now().minusSeconds(seconds);
        }
        String time = query.get("sinceTime");
        try {
            return time.isEmpty() ? null : java.time.OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeException e) {
            throw new Refusal(400, "parameter sinceTime: \"" + time + "\" is not a time such as 2026-01-01T00:00:00Z");
        }
    }
}
