package io.j8s.node.pods;

import io.j8s.model.core.v1.Pod;
import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.TaskEvent;
import io.j8s.node.cri.TaskEvents;
import io.j8s.node.cri.v1.ContainerStatus;
import io.j8s.node.cri.v1.PodSandboxStatus;
import io.j8s.node.host.Leftovers;
import io.j8s.runtime.Gate;
import io.j8s.runtime.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The workers of all pods of the node, by uid; hands them the runtime's events.
///
/// Two tasks of its own: one takes events from the runtime's stream, one looks once a minute whether an event was missed. Methods may be called by any thread.
public final class PodWorkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PodWorkers.class);
    private static final Duration RELIST = Duration.ofSeconds(60);
    private static final Duration FIRST_RELIST = Duration.ofSeconds(2);
    private static final Duration RECONNECT = Duration.ofMillis(500);
    private static final Duration ORPHAN_GRACE = Duration.ofSeconds(10);

    private final PodServices services;
    private final Map<String, Entry> workers = new ConcurrentHashMap<>();
    /// Pods that came back while they were being ended: static ones, whose manifest was put back as it was.
    private final Map<String, Pod> comingBack = new ConcurrentHashMap<>();
    private final List<Task> tasks = new ArrayList<>();
    private final Supplier<List<String>> pressure;
    private final BooleanSupplier shuttingDown;
    private final Gate changes;
    private volatile boolean closed;

    private record Entry(PodWorker worker, Task task) {}

    /// @param pressure the node's conditions that tell of a shortage
    /// @param shuttingDown whether the host is about to go down, so that no pod is begun
    public PodWorkers(PodServices services, Supplier<List<String>> pressure, BooleanSupplier shuttingDown) {
        this.shuttingDown = shuttingDown;
        this.services = services;
        this.pressure = pressure;
        this.changes = services.timeline().gate();
    }

    /// Begins to take events.
    public synchronized void start() {
        tasks.add(services.timeline().start("runtime events", this::events));
        tasks.add(services.timeline().start("runtime relist", this::relist));
    }

    /// A pod is wanted on this node, in this state.
    public void desired(Pod pod) {
        String uid = pod.metadata().uid();
        if (closed) {
            return;
        }
        workers.compute(uid, (u, known) -> {
            if (known != null && known.worker().forgotten()) {
                comingBack.put(u, pod);
                return known;
            }
            if (known != null) {
                known.worker().post(new Mail.Desired(pod));
                return known;
            }
            PodWorker worker = new PodWorker(services, pod, new StatusWriter(services.client(), pod.status()), p -> admission(p).resizeRefusal(p), changes::signal, () -> ended(u));
            Rejection refusal = isNew(pod) ? refusal(pod) : null;
            if (refusal != null) {
                worker.post(new Mail.Rejected(refusal));
            }
            if (pod.metadata().deletionTimestamp() != null) {
                worker.post(new Mail.Desired(pod));
            }
            return new Entry(worker, services.timeline().start("pod " + pod.metadata().namespace() + "/" + pod.metadata().name(), worker::run));
        });
    }

    private @Nullable Rejection refusal(Pod pod) {
        return shuttingDown.getAsBoolean() ? new Rejection("NodeShutdown", "Pod was rejected as the node is shutting down.") : admission(pod).refusal(pod, pressure.get());
    }

    private void ended(String uid) {
        workers.remove(uid);
        Pod again = comingBack.remove(uid);
        if (again != null) {
            desired(again);
        }
    }

    /// Whether it was not begun yet.
    private static boolean isNew(Pod pod) {
        return pod.metadata().deletionTimestamp() == null && pod.status().containerStatuses().isEmpty() && (pod.status().phase().isEmpty() || pod.status().phase().equals("Pending"));
    }

    private Admission admission(Pod pod) {
        return new Admission(services.node(), pods().stream()
                .filter(p -> !p.metadata().uid().equals(pod.metadata().uid()) && !p.status().phase().equals("Succeeded") && !p.status().phase().equals("Failed")).toList());
    }

    /// A pod is not wanted any more.
    public void gone(String uid) {
        comingBack.remove(uid);
        Entry entry = workers.get(uid);
        if (entry != null) {
            entry.worker().forget();
        }
    }

    /// Ends a pod to make room.
    ///
    /// @param graceSeconds that its containers have
    public void evict(String uid, String reason, String message, long graceSeconds) {
        Entry entry = workers.get(uid);
        if (entry != null) {
            entry.worker().post(new Mail.Evict(reason, message, graceSeconds));
        }
    }

    /// The pods that run or will.
    public List<Pod> active() {
        return pods().stream().filter(p -> p.status().phase().isEmpty() || p.status().phase().equals("Running") || p.status().phase().equals("Pending")).toList();
    }

    /// The active pods but for those that the node cannot do without.
    public List<Pod> evictable() {
        return pods().stream().filter(p -> p.status().phase().equals("Running") || p.status().phase().equals("Pending"))
                .filter(p -> p.metadata().deletionTimestamp() == null && !Admission.critical(p)).toList();
    }

    /// Waits until nothing of a pod runs any more, at most so long.
    public void awaitEnd(String uid, Duration atMost) throws InterruptedException {
        changes.await(() -> {
            Entry entry = workers.get(uid);
            String phase = entry == null ? "Failed" : entry.worker().shown().status().phase();
            return phase.equals("Failed") || phase.equals("Succeeded");
        }, atMost);
    }

    /// All pods here, with their newest status.
    public List<Pod> pods() {
        return workers.values().stream().map(e -> e.worker().shown()).toList();
    }

    public @Nullable Pod pod(String namespace, String name) {
        return pods().stream().filter(p -> p.metadata().namespace().equals(namespace) && p.metadata().name().equals(name)).findFirst().orElse(null);
    }

    /// Waits until something about the pods here is as described; it is looked at after every change of a pod's status.
    public void await(BooleanSupplier condition) throws InterruptedException {
        changes.await(condition);
    }

    /// Ends what the runtime runs for pods that nothing asks for (they were deleted while the agent was away), and removes what they left. Call it once all wanted pods are known.
    public void removeOrphans() {
        Set<String> wanted = new HashSet<>(workers.keySet());
        for (var sandbox : services.cri().sandboxes(Map.of())) {
            String uid = sandbox.getLabelsOrDefault(Labels.POD_UID, "");
            if (!wanted.contains(uid)) {
                services.timeline().start("orphan " + uid, () -> removeOrphan(uid, sandbox.getId()));
            }
        }
        try {
            if (Files.isDirectory(services.dirs().pods())) {
                try (Stream<Path> directories = Files.list(services.dirs().pods())) {
                    for (Path directory : directories.toList()) {
                        if (!wanted.contains(directory.getFileName().toString())) {
                            Leftovers.remove(directory);
                        }
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn("directories of earlier pods cannot be removed: {}", e.getMessage());
        }
    }

    private void removeOrphan(String uid, String sandbox) {
        Cri cri = services.cri();
        LOG.info("pod {} is not wanted any more: ending it", uid);
        for (var container : cri.containers(Map.of(Labels.POD_UID, uid))) {
            if (container.getPodSandboxId().equals(sandbox)) {
                cri.stopContainer(container.getId(), ORPHAN_GRACE);
            }
        }
        cri.stopSandbox(sandbox);
        cri.removeSandbox(sandbox);
    }

    /// Stops all workers; the containers go on.
    @Override
    public void close() {
        closed = true;
        tasks.forEach(Task::close);
        List<Entry> all = List.copyOf(workers.values());
        all.forEach(e -> e.task().cancel());
        all.forEach(e -> e.task().close());
    }

    private void events() throws InterruptedException {
        while (true) {
            try (TaskEvents events = services.cri().events()) {
                all(new Mail.LookAgain());
                for (TaskEvent event = events.next(); event != null; event = events.next()) {
                    deliver(event);
                }
            } catch (CriException e) {
                LOG.warn("the runtime's events broke off: {}", e.getMessage());
            }
            services.timeline().sleep(RECONNECT);
            services.cri().retryNow();
        }
    }

    private void deliver(TaskEvent event) {
        if (!(event instanceof TaskEvent.Exited exited)) {
            return;
        }
        String uid = owner(exited.containerId());
        Entry entry = uid == null ? null : workers.get(uid);
        if (entry != null) {
            entry.worker().post(new Mail.Changed(exited.containerId(), true));
        }
    }

    private @Nullable String owner(String id) {
        try {
            ContainerStatus container = services.cri().containerStatus(id);
            if (container != null) {
                return container.getLabelsOrDefault(Labels.POD_UID, "");
            }
            PodSandboxStatus sandbox = services.cri().sandboxStatus(id);
            return sandbox == null ? null : sandbox.getLabelsOrDefault(Labels.POD_UID, "");
        } catch (CriException e) {
            LOG.warn("container {} cannot be looked up: {}", id, e.getMessage());
            return null;
        }
    }

    private void relist() throws InterruptedException {
        Map<String, Integer> before = Map.of();
        long last = 0;
        Duration pause = FIRST_RELIST; // what happened while the stream of events began is seen soon
        while (true) {
            services.timeline().sleep(pause);
            pause = RELIST;
            long begun = services.timeline().nanoTime();
            Duration interval = last == 0 ? Duration.ZERO : Duration.ofNanos(begun - last);
            last = begun;
            try {
                Map<String, Integer> now = new HashMap<>();
                for (var container : services.cri().containers(Map.of())) {
                    now.merge(container.getLabelsOrDefault(Labels.POD_UID, ""), (container.getId() + container.getState()).hashCode(), Integer::sum);
                }
                for (var sandbox : services.cri().sandboxes(Map.of())) {
                    now.merge(sandbox.getLabelsOrDefault(Labels.POD_UID, ""), (sandbox.getId() + sandbox.getState()).hashCode(), Integer::sum);
                }
                for (Map.Entry<String, Entry> entry : workers.entrySet()) {
                    if (!java.util.Objects.equals(now.get(entry.getKey()), before.get(entry.getKey()))) {
                        entry.getValue().worker().post(new Mail.LookAgain());
                    }
                }
                before = now;
                services.metrics().relisted(Duration.ofNanos(services.timeline().nanoTime() - begun), interval);
            } catch (CriException e) {
                LOG.warn("the runtime cannot be listed: {}", e.getMessage());
            }
        }
    }

    private void all(Mail letter) {
        workers.values().forEach(e -> e.worker().post(letter));
    }
}
