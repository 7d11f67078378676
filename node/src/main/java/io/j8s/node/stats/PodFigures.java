package io.j8s.node.stats;

import io.j8s.model.core.v1.ContainerStatus;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.cgroups.GroupFigures;
import io.j8s.node.cgroups.GroupReader;
import io.j8s.node.cgroups.PodCgroups;
import io.j8s.node.cri.Cri;
import io.j8s.node.cri.CriException;
import io.j8s.node.cri.v1.PodSandboxState;
import io.j8s.node.pods.Labels;
import io.j8s.node.pods.PodWorkers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Gathers what the pods of a node use, from the kernel; the runtime is asked only for what the kernel does not tell: the sandboxes' processes. Any thread.
final class PodFigures {
    private final Cri cri;
    private final PodWorkers workers;
    private final PodCgroups cgroups;
    private final GroupReader reader = new GroupReader();
    private final Map<String, Integer> processes = new ConcurrentHashMap<>();

    /// One pod.
    ///
    /// @param group its control group's
    /// @param sandbox its id; empty: it has none that runs
    record Figures(Pod pod, String groupName, GroupFigures group, String sandbox, List<Interfaces> interfaces, List<Container> containers) {
        String namespace() {
            return pod.metadata().namespace();
        }

        String name() {
            return pod.metadata().name();
        }

        Instant started() {
            return containers.stream().map(Container::started).min(Instant::compareTo).orElseGet(() -> pod.status().startTime() == null ? Instant.EPOCH : pod.status().startTime());
        }
    }

    /// One running container.
    record Container(String id, String name, String image, Instant started, String groupName, GroupFigures group) {}

    PodFigures(Cri cri, PodWorkers workers, PodCgroups cgroups) {
        this.cri = cri;
        this.workers = workers;
        this.cgroups = cgroups;
    }

    @Nullable GroupFigures group(String name) {
        return reader.read(name);
    }

    /// The group under which all pods' are.
    String root() {
        return cgroups.root();
    }

    /// @param withNetwork whether their interfaces are wanted, too
    List<Figures> collect(boolean withNetwork) {
        Map<String, String> sandboxes = withNetwork ? sandboxes() : Map.of();
        List<Figures> all = new ArrayList<>();
        for (Pod pod : workers.pods()) {
            String name = cgroups.parent(pod);
            GroupFigures group = reader.read(name);
            if (group != null) {
                String sandbox = sandboxes.getOrDefault(pod.metadata().uid(), "");
                all.add(new Figures(pod, name, group, sandbox, sandbox.isEmpty() || pod.spec().hostNetwork() ? List.of() : Interfaces.of(process(sandbox)), containers(pod, name)));
            }
        }
        return all;
    }

    private List<Container> containers(Pod pod, String parent) {
        List<Container> containers = new ArrayList<>();
        var statuses = Stream.of(pod.status().initContainerStatuses(), pod.status().containerStatuses(), pod.status().ephemeralContainerStatuses()).flatMap(List::stream).toList();
        for (ContainerStatus status : statuses) {
            Instant started = status.state().running().startedAt();
            String id = status.containerID().replaceFirst("^[a-z-]+://", "");
            GroupFigures group = started == null ? null : reader.read(parent + "/" + id);
            if (group != null && started != null) {
                containers.add(new Container(id, status.name(), status.image(), started, parent + "/" + id, group));
            }
        }
        return containers;
    }

    private Map<String, String> sandboxes() {
        Map<String, String> byPod = new HashMap<>();
        cri.sandboxes(Map.of()).stream().filter(s -> s.getState() == PodSandboxState.SANDBOX_READY).forEach(s -> byPod.put(s.getLabelsOrDefault(Labels.POD_UID, ""), s.getId()));
        processes.keySet().retainAll(byPod.values());
        return byPod;
    }

    private String process(String sandbox) {
        try {
            return Integer.toString(processes.computeIfAbsent(sandbox, cri::pid));
        } catch (CriException e) {
            return "none"; // it ended just now, or the runtime does not tell
        }
    }
}
