package io.j8s.node.cgroups;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.status.PodRequests;
import io.j8s.node.status.Qos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The control groups of pods, by the cgroupfs driver: `ROOT/burstable/podUID`, `ROOT/besteffort/podUID`, and `ROOT/podUID` for guaranteed pods; containers
/// lie below their pod's. Works on version 1 (also beside a version 2 that has no controllers) and on version 2. What the host refuses is
/// warned about, not fatal: the pod then runs without that limit. Any thread may call.
public final class PodCgroups {
    private static final Logger LOG = LoggerFactory.getLogger(PodCgroups.class);
    private static final Path MOUNTS = Path.of("/sys/fs/cgroup");
    private static final List<String> LIMITING = List.of("cpu", "memory", "pids");

    private final String root;
    private final long podPidsLimit;
    private final boolean unified;
    /// What each burstable pod asks for, in thousandths of a processor.
    private final Map<String, Long> burstable = new ConcurrentHashMap<>();

    /// @param root the name under which all pods' groups lie, such as `kubepods`
    /// @param podPidsLimit how many processes a pod may have; 0: no limit
    public PodCgroups(String root, long podPidsLimit) {
        this.root = root.startsWith("/") ? root.substring(1) : root;
        this.podPidsLimit = podPidsLimit;
        this.unified = isUnified();
    }

    /// Whether the host has version 2 alone.
    public static boolean isUnified() {
        return Files.exists(MOUNTS.resolve("cgroup.controllers"));
    }

    /// The group under which all pods' lie.
    public String root() {
        return "/" + root;
    }

    /// The group of a pod, as the runtime wants it (`cgroup_parent`).
    public String parent(Pod pod) {
        String name = "pod" + pod.metadata().uid();
        return switch (Qos.of(pod)) {
            case GUARANTEED -> "/" + root + "/" + name;
            case BURSTABLE -> "/" + root + "/burstable/" + name;
            case BEST_EFFORT -> "/" + root + "/besteffort/" + name;
        };
    }

    /// Makes the pod's group with its limits.
    public void create(Pod pod) {
        String parent = parent(pod);
        try {
            if (unified) {
                createUnified(parent);
            } else {
                for (String controller : LIMITING) {
                    if (Files.isDirectory(MOUNTS.resolve(controller))) {
                        Files.createDirectories(directory(controller, parent));
                    }
                }
            }
        } catch (IOException e) {
            LOG.warn("control group {} cannot be made: {}; pod {} runs without pod-level limits", parent, e.getMessage(), pod.metadata().name());
            return;
        }
        limit(pod, parent);
    }

    /// Removes the pod's group, and those of its containers that are left, in every controller.
    public void remove(Pod pod) {
        burstable.remove(pod.metadata().uid());
        remove(parent(pod));
    }

    /// Removes all groups of all pods; nothing may run in them any more.
    public void removeAll() {
        remove("/" + root);
    }

    private void remove(String parent) {
        try {
            if (unified) {
                removeTree(directory("", parent));
                return;
            }
            try (Stream<Path> controllers = Files.list(MOUNTS)) {
                for (Path controller : controllers.filter(Files::isDirectory).toList()) {
                    removeTree(controller.resolve(parent.substring(1)));
                }
            }
        } catch (IOException e) {
            LOG.warn("control group {} cannot be removed: {}", parent, e.getMessage());
        }
    }

    private void limit(Pod pod, String parent) {
        long milliCpu = PodRequests.of(pod).getOrDefault("cpu", Quantity.ZERO).milliValue();
        Map<String, Quantity> limits = PodRequests.limits(pod);
        long cpuLimit = PodRequests.limited(pod, "cpu") ? limits.getOrDefault("cpu", Quantity.ZERO).milliValue() : 0;
        long memoryLimit = PodRequests.limited(pod, "memory") ? limits.getOrDefault("memory", Quantity.ZERO).value() : 0;
        weight(parent, milliCpu);
        if (unified) {
            set("", parent, "cpu.max", cpuLimit > 0 ? ContainerLimits.quota(cpuLimit) + " " + ContainerLimits.CPU_PERIOD_MICROSECONDS : "max");
            set("", parent, "memory.max", memoryLimit > 0 ? Long.toString(memoryLimit) : "max");
        } else {
            if (cpuLimit > 0) {
                set("cpu", parent, "cpu.cfs_quota_us", Long.toString(ContainerLimits.quota(cpuLimit)));
            }
            if (memoryLimit > 0) {
                set("memory", parent, "memory.limit_in_bytes", Long.toString(memoryLimit));
            }
        }
        if (podPidsLimit > 0) {
            set("pids", parent, "pids.max", Long.toString(podPidsLimit));
        }
        weighClasses(pod, milliCpu);
    }

    /// The class BestEffort gets what the others leave; the class Burstable as much as its pods ask for together.
    private void weighClasses(Pod pod, long milliCpu) {
        switch (Qos.of(pod)) {
            case GUARANTEED -> {
                // its pods lie beside the classes
            }
            case BEST_EFFORT -> weight("/" + root + "/besteffort", 0);
            case BURSTABLE -> {
                burstable.put(pod.metadata().uid(), milliCpu);
                weight("/" + root + "/burstable", burstable.values().stream().mapToLong(Long::longValue).sum());
            }
        }
    }

    private void weight(String group, long milliCpu) {
        long shares = ContainerLimits.shares(milliCpu);
        if (unified) {
            set("", group, "cpu.weight", Long.toString(1 + (shares - 2) * 9999 / 262142));
        } else {
            set("cpu", group, "cpu.shares", Long.toString(shares));
        }
    }

    /// Makes the group of all pods and holds it to what the node has for pods (`enforceNodeAllocatable: [pods]`).
    ///
    /// @param allocatable what is left of the host once its own programs have theirs
    /// @throws IOException when the host refuses
    public void enforce(Map<String, Quantity> allocatable) throws IOException {
        String group = "/" + root;
        if (unified) {
            createUnified(group);
        } else {
            for (String controller : LIMITING) {
                if (Files.isDirectory(MOUNTS.resolve(controller))) {
                    Files.createDirectories(directory(controller, group));
                }
            }
        }
        weight(group, allocatable.getOrDefault("cpu", Quantity.ZERO).milliValue());
        long memory = allocatable.getOrDefault("memory", Quantity.ZERO).value();
        if (memory > 0) {
            set("memory", group, unified ? "memory.max" : "memory.limit_in_bytes", Long.toString(memory));
        }
    }

    private void createUnified(String parent) throws IOException {
        Path group = MOUNTS;
        for (Path part : Path.of(parent.substring(1))) {
            for (String controller : Files.readString(group.resolve("cgroup.controllers")).strip().split(" ")) {
                if (!controller.isEmpty()) {
                    write(group.resolve("cgroup.subtree_control"), "+" + controller);
                }
            }
            group = group.resolve(part);
            Files.createDirectories(group);
        }
    }

    private void set(String controller, String parent, String file, String value) {
        Path path = directory(unified ? "" : controller, parent).resolve(file);
        if (Files.exists(path)) {
            write(path, value);
        }
    }

    private static void write(Path path, String value) {
        try {
            Files.writeString(path, value);
        } catch (IOException e) {
            LOG.warn("the host refused to set {} to {}: {}", path, value, e.getMessage());
        }
    }

    private static Path directory(String controller, String parent) {
        return MOUNTS.resolve(controller).resolve(parent.substring(1));
    }

    private static void removeTree(Path group) throws IOException {
        if (!Files.isDirectory(group)) {
            return;
        }
        List<Path> groups = new ArrayList<>();
        try (Stream<Path> below = Files.walk(group)) {
            below.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).forEach(groups::add);
        }
        for (Path each : groups) {
            Files.delete(each);
        }
    }
}
