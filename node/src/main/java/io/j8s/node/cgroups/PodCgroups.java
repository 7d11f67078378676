package io.j8s.node.cgroups;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.Pod;
import io.j8s.node.status.Qos;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

    /// @param root the name under which all pods' groups lie, such as `kubepods`
    /// @param podPidsLimit how many processes a pod may have; 0: no limit
    public PodCgroups(String root, long podPidsLimit) {
        this.root = root.startsWith("/") ? root.substring(1) : root;
        this.podPidsLimit = podPidsLimit;
        this.unified = Files.exists(MOUNTS.resolve("cgroup.controllers"));
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
        long milliCpu = sum(pod, "cpu", false, true);
        long cpuLimit = sum(pod, "cpu", true, true);
        long memoryLimit = sum(pod, "memory", true, false);
        long shares = ContainerLimits.shares(milliCpu);
        if (unified) {
            set("", parent, "cpu.weight", Long.toString(1 + (shares - 2) * 9999 / 262142));
            set("", parent, "cpu.max", cpuLimit > 0 ? ContainerLimits.quota(cpuLimit) + " " + ContainerLimits.CPU_PERIOD_MICROSECONDS : "max");
            set("", parent, "memory.max", memoryLimit > 0 ? Long.toString(memoryLimit) : "max");
        } else {
            set("cpu", parent, "cpu.shares", Long.toString(shares));
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
    }

    /// The sum over the pod's containers, or the largest init container if that is more; 0 when a limit is asked for and one container has none.
    private static long sum(Pod pod, String resource, boolean limits, boolean milli) {
        long total = 0;
        for (Container container : pod.spec().containers()) {
            long value = value(container, resource, limits, milli);
            if (limits && value == 0) {
                return 0;
            }
            total += value;
        }
        for (Container container : pod.spec().initContainers()) {
            long value = value(container, resource, limits, milli);
            if (limits && value == 0) {
                return 0;
            }
            total = container.restartPolicy().equals("Always") ? total + value : Math.max(total, value);
        }
        return total;
    }

    private static long value(Container container, String resource, boolean limits, boolean milli) {
        Quantity limit = container.resources().limits().getOrDefault(resource, Quantity.ZERO);
        Quantity value = limits ? limit : container.resources().requests().getOrDefault(resource, limit);
        return milli ? value.milliValue() : value.value();
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
