package io.j8s.node.pods;

import io.j8s.client.ApiException;
import io.j8s.client.events.EventRecorder;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.v1.PodSandboxConfig;
import io.j8s.node.cri.v1.PodSandboxStatus;
import io.j8s.node.volumes.VolumeException;
import io.j8s.runtime.Task;
import io.j8s.runtime.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what takes time for a pod, each thing in a task of its own that reports to the pod's worker by mail. Methods are called by the worker only.
final class PodOperations implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PodOperations.class);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final long LEAST_GRACE_SECONDS = 2;

    private final PodServices services;
    private final Consumer<Mail> worker;
    private final ContainerStarter starter;
    private final Hooks hooks;
    private final Map<String, Task> starts = new HashMap<>();
    private final Map<String, Task> stops = new HashMap<>();
    private final Map<String, List<Task>> probes = new HashMap<>();
    private final List<Task> others = new ArrayList<>();
    private volatile Map<String, Path> places = Map.of();

    PodOperations(PodServices services, Consumer<Mail> worker) {
        this.services = services;
        this.worker = worker;
        this.starter = new ContainerStarter(services);
        this.hooks = new Hooks(services);
    }

    void volumes(Map<String, Path> volumes) {
        places = Map.copyOf(volumes);
    }

    /// @param first whether the pod waits for them, so that a failure is told
    void setUpVolumes(Pod pod, List<String> addresses, boolean first) {
        start("volumes", pod, () -> {
            try {
                if (first) {
                    Files.createDirectories(services.dirs().pod(pod.metadata().uid()));
                    services.cgroups().create(pod);
                }
                worker.accept(new Mail.VolumesReady(services.volumes().ready(pod, services.fields(pod, addresses))));
            } catch (VolumeException | IOException | RuntimeException e) {
                if (first) {
                    services.events().warning(pod, "FailedMount", String.valueOf(e.getMessage()));
                    worker.accept(new Mail.VolumesFailed());
                } else {
                    LOG.warn("the volumes of pod {}/{} cannot be brought up to date: {}", pod.metadata().namespace(), pod.metadata().name(), e.getMessage());
                    worker.accept(new Mail.VolumesReady(places));
                }
            }
        });
    }

    void createSandbox(Pod pod, int attempt) {
        start("sandbox", pod, () -> {
            try {
                String handler = services.runtimeHandler(pod);
                refuseUserNamespace(pod, handler);
                PodSandboxConfig config = SandboxSpec.of(pod, attempt, services.node(), services.dirs(), services.cgroups().parent(pod));
                Files.createDirectories(Path.of(config.getLogDirectory()));
                String id = services.cri().runSandbox(config, handler);
                PodSandboxStatus status = services.cri().sandboxStatus(id);
                if (status == null) {
                    throw new IOException("the new sandbox " + id + " is gone");
                }
                SandboxView view = RuntimeState.view(status);
                Mounts.writeHosts(pod, view.addresses(), services.node().settings().clusterDomain(), services.dirs());
                services.metrics().sandboxMade();
                worker.accept(new Mail.SandboxMade(view));
            } catch (CriException | ApiException | IOException e) {
                services.events().warning(pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
                worker.accept(new Mail.SandboxFailed());
            }
        });
    }

    /// Processes of a pod that asks for its own users must not run as the host's.
    private static void refuseUserNamespace(Pod pod, String handler) throws IOException {
        if (pod.spec().hasHostUsers() && !pod.spec().hostUsers()) {
            throw new IOException("can't set `spec.hostUsers: false`, " + (handler.isEmpty() ? "runtime" : "RuntimeClass handler \"" + handler + "\"") + " does not support user namespaces");
        }
    }

    void stopSandbox(Pod pod, SandboxView sandbox) {
        start("sandbox", pod, () -> {
            try {
                services.cri().stopSandbox(sandbox.id());
            } catch (CriException e) {
                services.events().warning(pod, "FailedKillPod", "error killing pod: " + e.getMessage());
                services.timeline().sleep(RETRY);
            }
            worker.accept(new Mail.SandboxStopped());
        });
    }

    /// @param target the container whose processes it sees, for one that was added to the running pod; empty: none
    void start(Pod pod, Container container, int attempt, SandboxView sandbox, String target) {
        Task task = services.timeline().start("start " + name(pod) + "/" + container.name(), () -> {
            try {
                PodSandboxConfig config = SandboxSpec.of(pod, sandbox.attempt(), services.node(), services.dirs(), services.cgroups().parent(pod));
                String id = starter.start(new ContainerStarter.Setting(pod, sandbox, config, places, target), container, attempt);
                afterStart(pod, container, id, sandbox);
                services.metrics().containerStarted(type(pod, container), "");
                worker.accept(new Mail.Started(container.name(), id, container.resources()));
            } catch (StartException e) {
                services.metrics().containerStarted(type(pod, container), e.reason());
                worker.accept(new Mail.StartFailed(container.name(), e));
            } catch (IOException | RuntimeException e) {
                LOG.warn("container {} of pod {} cannot be started", container.name(), name(pod), e);
                worker.accept(new Mail.StartFailed(container.name(), new StartException("CreateContainerError", String.valueOf(e.getMessage()), services.timeline().now().plus(RETRY))));
            } catch (InterruptedException e) {
                worker.accept(new Mail.StartFailed(container.name(), new StartException("ContainerCreating", "", services.timeline().now())));
                throw e;
            }
        });
        starts.put(container.name(), task);
    }

    /// The postStart hook runs while the container does; when it fails, the container is stopped.
    private void afterStart(Pod pod, Container container, String id, SandboxView sandbox) throws StartException, InterruptedException {
        if (!container.lifecycle().hasPostStart()) {
            return;
        }
        worker.accept(new Mail.Changed(id, false));
        String address = sandbox.addresses().isEmpty() ? services.node().addresses().getFirst() : sandbox.addresses().getFirst();
        String problem = hooks.run(pod, container.lifecycle().postStart(), container, id, address, Duration.ofHours(1));
        if (!problem.isEmpty()) {
            services.containerEvent(pod, container.name(), EventRecorder.WARNING, "FailedPostStartHook", "PostStartHook failed"); // what it said may hold secrets
            services.containerEvent(pod, container.name(), EventRecorder.NORMAL, "Killing", "FailedPostStartHook");
            services.cri().stopContainer(id, Duration.ofSeconds(PodGrace.of(pod)));
            throw new StartException("PostStartHookError", problem, services.timeline().now().plus(RestartBackoff.FIRST));
        }
    }

    void resize(Pod pod, Container container, String id) {
        start("resize", pod, () -> {
            try {
                services.cgroups().create(pod);
                services.cri().updateResources(id, services.limits(pod, container));
                services.cgroups().create(pod); // what the pod may have shrinks only after what its containers may
                worker.accept(new Mail.Resized(container.name(), id, container.resources()));
            } catch (CriException e) {
                worker.accept(new Mail.ResizeFailed(container.name(), String.valueOf(e.getMessage())));
            }
        });
    }

    /// Stops a container: preStop hook, stop signal, and after the grace the kill signal.
    void stop(Pod pod, Container container, String id, String reason, long graceSeconds, List<String> addresses) {
        endProbes(container.name());
        Timeline timeline = services.timeline();
        Task task = timeline.start("stop " + name(pod) + "/" + container.name(), () -> {
            String event = reason.isEmpty() ? "Stopping container " + container.name() : reason;
            services.containerEvent(pod, container.name(), EventRecorder.NORMAL, "Killing", event);
            long begun = timeline.nanoTime();
            Duration grace = Duration.ofSeconds(graceSeconds);
            try {
                if (container.lifecycle().hasPreStop() && graceSeconds > 0) {
                    String address = addresses.isEmpty() ? services.node().addresses().getFirst() : addresses.getFirst();
                    String problem = hooks.run(pod, container.lifecycle().preStop(), container, id, address, grace);
                    if (!problem.isEmpty()) {
                        services.containerEvent(pod, container.name(), EventRecorder.WARNING, "FailedPreStopHook", "PreStopHook failed");
                    }
                }
                Duration left = grace.minusNanos(timeline.nanoTime() - begun);
                Duration least = Duration.ofSeconds(Math.min(graceSeconds, LEAST_GRACE_SECONDS));
                services.cri().stopContainer(id, left.compareTo(least) < 0 ? least : left);
            } catch (CriException e) {
                if (!e.isCancelled()) {
                    LOG.warn("container {} of pod {} cannot be stopped: {}", container.name(), name(pod), e.getMessage());
                }
                timeline.sleep(Duration.ofSeconds(1));
            } finally {
                worker.accept(new Mail.Stopped(container.name(), id));
            }
        });
        stops.put(container.name(), task);
    }

    /// Begins the probes of a container that runs.
    ///
    /// @param started whether its startup probe is done, so that the others can begin
    void probe(Pod pod, Container container, String id, String address, boolean started) {
        endProbes(container.name());
        List<Task> tasks = new ArrayList<>();
        if (!started) {
            tasks.add(ProbeLoop.start(services, pod, container, id, address, ProbeLoop.Kind.STARTUP, container.startupProbe(), worker));
        } else {
            if (container.hasReadinessProbe()) {
                tasks.add(ProbeLoop.start(services, pod, container, id, address, ProbeLoop.Kind.READINESS, container.readinessProbe(), worker));
            }
            if (container.hasLivenessProbe()) {
                tasks.add(ProbeLoop.start(services, pod, container, id, address, ProbeLoop.Kind.LIVENESS, container.livenessProbe(), worker));
            }
        }
        probes.put(container.name(), tasks);
    }

    void giveUpStarts() {
        starts.values().forEach(Task::cancel);
        List.copyOf(probes.keySet()).forEach(this::endProbes);
    }

    void giveUpStops() {
        stops.values().forEach(Task::cancel);
    }

    @Override
    public void close() {
        List<Task> all = new ArrayList<>(others);
        all.addAll(starts.values());
        all.addAll(stops.values());
        probes.values().forEach(all::addAll);
        all.forEach(Task::cancel);
        all.forEach(Task::close);
        others.clear();
    }

    void endProbes(String container) {
        List<Task> tasks = probes.remove(container);
        if (tasks != null) {
            tasks.forEach(Task::cancel);
        }
    }

    private void start(String what, Pod pod, Timeline.Body body) {
        others.removeIf(Task::done);
        others.add(services.timeline().start(what + " of " + name(pod), body));
    }

    private static String type(Pod pod, Container container) {
        return pod.spec().initContainers().stream().anyMatch(c -> c.name().equals(container.name())) ? "init_container"
                : pod.spec().ephemeralContainers().stream().anyMatch(c -> c.name().equals(container.name())) ? "ephemeral_container" : "container";
    }

    private static String name(Pod pod) {
        return pod.metadata().namespace() + "/" + pod.metadata().name();
    }
}
