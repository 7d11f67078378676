package io.j8s.node.pods;

import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.v1.ContainerStatus;
import io.j8s.node.cri.v1.PodSandboxState;
import io.j8s.node.cri.v1.PodSandboxStatus;
import io.j8s.node.layout.NodeDirs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the runtime has of one pod, as last seen. Owned by the pod's worker.
final class RuntimeState {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeState.class);
    private static final int KEPT_ATTEMPTS = 2;
    private static final Duration END_SHOWS_WITHIN = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(16);

    private final PodServices services;
    private final Map<String, Known> containers = new HashMap<>();
    private final Map<String, SandboxView> sandboxes = new HashMap<>();
    /// Containers whose end was told: the runtime tells it before it shows it, so that what it shows until then is not believed.
    private final Set<String> told = new HashSet<>();

    private record Known(ContainerView view, String sandboxId) {}

    RuntimeState(PodServices services) {
        this.services = services;
    }

    @Nullable SandboxView sandbox() {
        return sandboxes.values().stream().max(Comparator.comparingInt(SandboxView::attempt)).orElse(null);
    }

    boolean knowsSandbox(String id) {
        return sandboxes.containsKey(id);
    }

    void put(SandboxView sandbox) {
        sandboxes.put(sandbox.id(), sandbox);
    }

    /// The attempts at each container, newest first. Init containers of an earlier sandbox do not count: they have to run again.
    Map<String, List<ContainerView>> attempts(Pod pod) {
        SandboxView current = sandbox();
        Map<String, List<ContainerView>> attempts = new HashMap<>();
        for (Known known : containers.values()) {
            boolean init = pod.spec().initContainers().stream().anyMatch(c -> c.name().equals(known.view().name()));
            if (!init || current == null || known.sandboxId().equals(current.id())) {
                attempts.computeIfAbsent(known.view().name(), n -> new ArrayList<>()).add(known.view());
            }
        }
        attempts.values().forEach(list -> list.sort(Comparator.comparingInt(ContainerView::attempt).reversed()));
        return attempts;
    }

    /// The number of the next attempt: one more than any that is known, also from an earlier sandbox.
    int nextAttempt(String container) {
        return containers.values().stream().filter(k -> k.view().name().equals(container)).mapToInt(k -> k.view().attempt() + 1).max().orElse(0);
    }

    boolean isRunning(String id, String name) {
        Known known = containers.get(id);
        return known != null && known.view().running() && known.view().name().equals(name);
    }

    /// The containers of the pod that run by its specification; not those that were added for debugging.
    Set<String> ids(Pod pod) {
        Set<String> ids = new HashSet<>();
        containers.forEach((id, known) -> {
            if (pod.spec().ephemeralContainers().stream().noneMatch(e -> e.name().equals(known.view().name()))) {
                ids.add(id);
            }
        });
        return ids;
    }

    boolean knows(String id) {
        return containers.containsKey(id);
    }

    /// Reads everything that the runtime has of the pod.
    void readAll(Pod pod) throws InterruptedException {
        Map<String, String> labels = Map.of(Labels.POD_UID, pod.metadata().uid());
        for (var sandbox : services.cri().sandboxes(labels)) {
            readSandbox(sandbox.getId(), false);
        }
        Map<String, Known> found = new HashMap<>();
        for (var container : services.cri().containers(labels)) {
            Known known = containers.get(container.getId());
            boolean same = known != null && known.view().ended();
            ContainerStatus status = same ? null : status(container.getId());
            if (known != null && same) {
                found.put(container.getId(), known);
            } else if (status != null) {
                found.put(container.getId(), new Known(withLastWords(pod, ContainerView.of(status)), container.getPodSandboxId()));
            }
        }
        containers.clear();
        containers.putAll(found);
    }

    /// What the runtime shows of a container; once its end was told, what it shows after that, which is waited for. Null when there is no such container.
    private @Nullable ContainerStatus status(String id) throws InterruptedException {
        long end = services.timeline().nanoTime() + END_SHOWS_WITHIN.toNanos();
        Duration pause = Duration.ofMillis(1);
        while (true) {
            ContainerStatus status = services.cri().containerStatus(id);
            boolean awaited = told.contains(id) && status != null && !ContainerView.of(status).ended();
            if (!awaited || services.timeline().nanoTime() > end) {
                return status;
            }
            services.timeline().sleep(pause);
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
        }
    }

    /// The end of a container was told.
    void told(String id) {
        told.add(id);
    }

    /// @param exited whether its end was told: the runtime shows it a moment later, which is waited for
    void readSandbox(String id, boolean exited) throws InterruptedException {
        long end = services.timeline().nanoTime() + END_SHOWS_WITHIN.toNanos();
        Duration pause = Duration.ofMillis(1);
        while (true) {
            PodSandboxStatus status = services.cri().sandboxStatus(id);
            if (status == null) {
                sandboxes.remove(id);
                return;
            }
            SandboxView view = view(status);
            sandboxes.put(id, view);
            if (!exited || !view.ready() || services.timeline().nanoTime() > end) {
                return;
            }
            services.timeline().sleep(pause);
            pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
        }
    }

    static SandboxView view(PodSandboxStatus status) {
        List<String> addresses = new ArrayList<>();
        if (!status.getNetwork().getIp().isEmpty()) {
            addresses.add(status.getNetwork().getIp());
        }
        status.getNetwork().getAdditionalIpsList().forEach(ip -> addresses.add(ip.getIp()));
        return new SandboxView(status.getId(), status.getMetadata().getAttempt(), status.getState() == PodSandboxState.SANDBOX_READY, addresses);
    }

    /// Reads one container again.
    void read(Pod pod, String id) throws InterruptedException {
        ContainerStatus status = status(id);
        if (status == null) {
            containers.remove(id);
            return;
        }
        SandboxView sandbox = sandbox();
        Known known = containers.get(id);
        containers.put(id, new Known(withLastWords(pod, ContainerView.of(status)), known != null ? known.sandboxId() : sandbox == null ? "" : sandbox.id()));
    }

    private ContainerView withLastWords(Pod pod, ContainerView view) {
        if (!view.ended()) {
            return view;
        }
        for (Container container : PodView.allContainers(pod)) {
            if (container.name().equals(view.name())) {
                try {
                    String words = LastWords.of(pod, container, view, services.dirs());
                    return words.isEmpty() ? view : view.withMessage(words);
                } catch (IOException e) {
                    LOG.warn("the termination message of container {} cannot be read: {}", view.id(), e.getMessage());
                }
            }
        }
        return view;
    }

    /// Removes containers that ended long ago: of each the newest two attempts are kept, for logs and status; and sandboxes that are empty and not the newest.
    void collect(Pod pod) {
        Map<String, List<Known>> byName = new HashMap<>();
        containers.values().forEach(k -> byName.computeIfAbsent(k.view().name(), n -> new ArrayList<>()).add(k));
        for (List<Known> attempts : byName.values()) {
            attempts.sort(Comparator.comparingInt((Known k) -> k.view().attempt()).reversed());
            attempts.stream().skip(KEPT_ATTEMPTS).filter(k -> !k.view().running()).forEach(k -> remove(pod, k.view()));
        }
        SandboxView newest = sandbox();
        for (SandboxView sandbox : List.copyOf(sandboxes.values())) {
            boolean used = containers.values().stream().anyMatch(k -> k.sandboxId().equals(sandbox.id()));
            if (newest != null && !sandbox.equals(newest) && !used) {
                attempt("sandbox " + sandbox.id(), () -> services.cri().removeSandbox(sandbox.id()));
                sandboxes.remove(sandbox.id());
            }
        }
    }

    /// Removes everything of the pod from the runtime, with its logs.
    void removeAll(Pod pod) throws IOException {
        for (SandboxView sandbox : List.copyOf(sandboxes.values())) {
            attempt("sandbox " + sandbox.id(), () -> {
                services.cri().stopSandbox(sandbox.id());
                services.cri().removeSandbox(sandbox.id());
            });
        }
        NodeDirs dirs = services.dirs();
        var metadata = pod.metadata();
        for (Known known : containers.values()) {
            Files.deleteIfExists(dirs.containerLog(metadata.namespace(), metadata.name(), known.view().name(), known.view().id()));
        }
        io.j8s.node.host.Leftovers.remove(dirs.podLog(metadata.namespace(), metadata.name(), metadata.uid()));
        sandboxes.clear();
        containers.clear();
        told.clear();
    }

    private void remove(Pod pod, ContainerView view) {
        attempt("container " + view.id(), () -> services.cri().removeContainer(view.id()));
        containers.remove(view.id());
        told.remove(view.id());
        var metadata = pod.metadata();
        Path log = Path.of(view.logPath());
        Path directory = log.getParent();
        try {
            Files.deleteIfExists(services.dirs().containerLog(metadata.namespace(), metadata.name(), view.name(), view.id()));
            if (directory != null && Files.isDirectory(directory)) {
                try (DirectoryStream<Path> parts = Files.newDirectoryStream(directory, log.getFileName() + "*")) {
                    for (Path part : parts) {
                        Files.deleteIfExists(part);
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn("the log of container {} cannot be removed: {}", view.id(), e.getMessage());
        }
    }

    private static void attempt(String what, Runnable action) {
        try {
            action.run();
        } catch (CriException e) {
            if (!e.isCancelled()) {
                LOG.warn("{} cannot be removed: {}", what, e.getMessage());
            }
        }
    }
}
