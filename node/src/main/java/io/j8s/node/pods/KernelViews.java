package io.j8s.node.pods;

import io.j8s.node.cri.v1.LinuxContainerSecurityContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What of the kernel's own files containers do not see, or cannot change (`procMount: Default`; Kubernetes documentation, "Configure a Security Context").
/// A runtime hides nothing by itself: what is not named here is open to the container.
final class KernelViews {
    private static final List<String> HIDDEN = List.of("/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
            "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap");
    private static final List<String> READ_ONLY = List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private KernelViews() {}

    static void restrict(LinuxContainerSecurityContext.Builder security, String procMount) {
        if (!procMount.equals("Unmasked")) {
            security.addAllMaskedPaths(hidden()).addAllReadonlyPaths(READ_ONLY);
        }
    }

    private static List<String> hidden() {
        List<String> paths = new ArrayList<>(HIDDEN);
        for (int cpu = 0; cpu < Runtime.getRuntime().availableProcessors(); cpu++) {
            String path = "/sys/devices/system/cpu/cpu" + cpu + "/thermal_throttle";
            if (Files.exists(Path.of(path))) {
                paths.add(path);
            }
        }
        return paths;
    }
}
