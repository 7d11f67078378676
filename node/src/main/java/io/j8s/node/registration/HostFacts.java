package io.j8s.node.registration;

import io.j8s.model.Quantity;
import io.j8s.model.core.v1.NodeSystemInfo;
import io.j8s.node.eviction.EvictionSettings;
import io.j8s.node.eviction.Signal;
import io.j8s.node.settings.ResourceSettings;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What this host is and has, read from /proc, /sys and /etc.
public final class HostFacts {
    private static final long KIB = 1024;

    private HostFacts() {}

    /// @param storage a directory on the file system that pods write to
    public static Map<String, Quantity> capacity(Path storage, ResourceSettings settings) throws IOException {
        Map<String, Quantity> capacity = new HashMap<>();
        capacity.put("cpu", Quantity.of(processors()));
        capacity.put("memory", Quantity.of(memoryBytes() / KIB * KIB, Quantity.Format.BINARY_SI));
        FileStore store = Files.getFileStore(storage);
        capacity.put("ephemeral-storage", Quantity.of(store.getTotalSpace() / KIB * KIB, Quantity.Format.BINARY_SI));
        long perCore = (long) settings.podsPerCore() * processors();
        capacity.put("pods", Quantity.of(perCore > 0 ? Math.min(perCore, settings.maxPods()) : settings.maxPods()));
        Path hugepages = Path.of("/sys/kernel/mm/hugepages");
        if (Files.isDirectory(hugepages)) {
            try (Stream<Path> sizes = Files.list(hugepages)) {
                for (Path size : sizes.toList()) {
                    long kib = Long.parseLong(size.getFileName().toString().replaceAll("\\D", ""));
                    long count = Long.parseLong(Files.readString(size.resolve("nr_hugepages")).strip());
                    String unit = kib >= KIB * KIB ? kib / KIB / KIB + "Gi" : kib >= KIB ? kib / KIB + "Mi" : kib + "Ki";
                    capacity.put("hugepages-" + unit, Quantity.of(count * kib * KIB, Quantity.Format.BINARY_SI));
                }
            }
        }
        return capacity;
    }

    /// What is left for pods: less what is reserved, and less what stays free so that nothing has to be evicted.
    public static Map<String, Quantity> allocatable(Map<String, Quantity> capacity, ResourceSettings settings, EvictionSettings eviction) {
        Map<String, Quantity> left = new HashMap<>(capacity);
        for (Map<String, Quantity> reserved : List.of(settings.systemReserved(), settings.kubeReserved())) {
            reserved.forEach((name, quantity) -> left.computeIfPresent(name, (n, total) -> less(total, quantity)));
        }
        left.computeIfPresent("memory", (n, total) -> less(total, reserved(eviction, Signal.MEMORY_AVAILABLE, capacity, n)));
        left.computeIfPresent("ephemeral-storage", (n, total) -> Quantity.of(less(total, reserved(eviction, Signal.NODEFS_AVAILABLE, capacity, n)).value()));
        return left;
    }

    private static Quantity reserved(EvictionSettings eviction, Signal signal, Map<String, Quantity> capacity, String resource) {
        return Quantity.of(eviction.reserved(signal, capacity.getOrDefault(resource, Quantity.ZERO).value()), Quantity.Format.BINARY_SI);
    }

    private static Quantity less(Quantity total, Quantity part) {
        Quantity left = total.subtract(part);
        return left.signum() < 0 ? Quantity.ZERO : left;
    }

    public static long memoryBytes() throws IOException {
        return meminfo("MemTotal:");
    }

    public static long availableMemoryBytes() throws IOException {
        return meminfo("MemAvailable:");
    }

    /// @param kubelet version, such as `v1.36.3`
    /// @param runtime such as `containerd://1.6.20`
    public static NodeSystemInfo info(String kubelet, String runtime) throws IOException {
        return NodeSystemInfo.EMPTY
                .withMachineID(text("/etc/machine-id"))
                .withSystemUUID(text("/sys/class/dmi/id/product_uuid"))
                .withBootID(text("/proc/sys/kernel/random/boot_id"))
                .withKernelVersion(text("/proc/sys/kernel/osrelease"))
                .withOsImage(osImage())
                .withContainerRuntimeVersion(runtime)
                .withKubeletVersion(kubelet)
                .withKubeProxyVersion(kubelet)
                .withOperatingSystem("linux")
                .withArchitecture(architecture());
    }

    /// GOARCH's name of this machine.
    public static String architecture() {
        String machine = System.getProperty("os.arch");
        return machine.equals("aarch64") ? "arm64" : machine;
    }

    public static String hostName() throws IOException {
        return text("/proc/sys/kernel/hostname");
    }

    private static long processors() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return Math.max(1, lines.filter(line -> line.startsWith("processor")).count());
        }
    }

    private static long meminfo(String key) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/meminfo"));
        for (String line : lines) {
            if (line.startsWith(key)) {
                return Long.parseLong(line.substring(key.length()).replace("kB", "").strip()) * KIB;
            }
        }
        throw new IOException("/proc/meminfo has no " + key);
    }

    private static String osImage() throws IOException {
        if (Files.exists(Path.of("/etc/os-release"))) {
            for (String line : Files.readAllLines(Path.of("/etc/os-release"))) {
                if (line.startsWith("PRETTY_NAME=")) {
                    return line.substring("PRETTY_NAME=".length()).replace("\"", "");
                }
            }
        }
        return "Linux";
    }

    private static String text(String path) throws IOException {
        return Files.isReadable(Path.of(path)) ? Files.readString(Path.of(path)).strip() : "";
    }
}
