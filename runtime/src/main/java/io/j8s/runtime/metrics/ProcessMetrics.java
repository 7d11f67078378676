package io.j8s.runtime.metrics;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// What every component tells of the process that it runs in, under the names that dashboards know.
public final class ProcessMetrics {
    private static final double MILLIS = 1e3;
    private static final long KIBI = 1024;
    /// What upstream says where there is no limit: all 64 bits.
    private static final double MOST_ADDRESSES = 18_446_744_073_709_551_615.0;

    private ProcessMetrics() {}

    /// Of the names that begin with `go_` those are there that say the same of this virtual machine: threads, heap and its collection.
    public static void register(MetricRegistry registry) {
        ProcessHandle self = ProcessHandle.current();
        registry.counterFrom("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
                .of(() -> self.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / MILLIS);
        registry.gauge("process_resident_memory_bytes", "Resident memory size in bytes.").of(() -> kibibytes("VmRSS:"));
        registry.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.").of(() -> kibibytes("VmSize:"));
        registry.gauge("process_virtual_memory_max_bytes", "Maximum amount of virtual memory available in bytes.").of(() -> limit("Max address space", MOST_ADDRESSES));
        registry.counterFrom("process_network_receive_bytes_total", "Number of bytes received by the process over the network.").of(() -> network(0));
        registry.counterFrom("process_network_transmit_bytes_total", "Number of bytes sent by the process over the network.").of(() -> network(1));
        registry.gauge("process_open_fds", "Number of open file descriptors.").of(ProcessMetrics::openFiles);
        registry.gauge("process_max_fds", "Maximum number of open file descriptors.").of(() -> limit("Max open files", Double.POSITIVE_INFINITY));
        registry.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
                .set(self.info().startInstant().orElse(Instant.EPOCH).toEpochMilli() / MILLIS);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        registry.gauge("go_goroutines", "Number of platform threads (the name is what dashboards expect).").of(threads::getThreadCount);
        registry.gauge("go_threads", "Number of platform threads.").of(threads::getThreadCount);
        registry.gauge("go_info", "Information about the environment: the Java virtual machine.", "version").set(1, "java" + Runtime.version());
        memory(registry);
        registry.describeItself();
    }

    private static void memory(MetricRegistry registry) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        registry.gauge("go_memstats_alloc_bytes", "Number of bytes allocated in heap and currently in use.").of(() -> memory.getHeapMemoryUsage().getUsed());
        registry.gauge("go_memstats_heap_alloc_bytes", "Number of heap bytes allocated and currently in use.").of(() -> memory.getHeapMemoryUsage().getUsed());
        registry.gauge("go_memstats_heap_inuse_bytes", "Number of heap bytes that are in use.").of(() -> memory.getHeapMemoryUsage().getUsed());
        registry.gauge("go_memstats_heap_sys_bytes", "Number of heap bytes obtained from system.").of(() -> memory.getHeapMemoryUsage().getCommitted());
        registry.gauge("go_memstats_sys_bytes", "Number of bytes obtained from system.").of(() -> memory.getHeapMemoryUsage().getCommitted() + (double) memory.getNonHeapMemoryUsage().getCommitted());
        registry.gauge("jvm_memory_used_bytes", "Memory that the virtual machine uses.", "area").of(() -> memory.getHeapMemoryUsage().getUsed(), "heap").of(() -> memory.getNonHeapMemoryUsage().getUsed(), "nonheap");
        registry.counterFrom("jvm_gc_collection_seconds_total", "Time spent in collections of garbage, in seconds.")
                .of(() -> ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum() / MILLIS);
        registry.counterFrom("jvm_gc_collections_total", "Collections of garbage.")
                .of(() -> ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum());
    }

    private static double openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        } catch (IOException e) {
            return 0; // not a Linux: nothing to tell
        }
    }

    private static double limit(String name, double unlimited) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith(name)) {
                    String soft = line.substring(name.length()).strip().split("\\s+", 2)[0];
                    return soft.equals("unlimited") ? unlimited : Double.parseDouble(soft);
                }
            }
        } catch (IOException e) {
            return 0; // not a Linux: nothing to tell
        }
        return 0;
    }

    /// Of IP, in the network namespace of the process: what `IpExt` of its `netstat` names `InOctets`, and `OutOctets` behind it.
    private static double network(int behind) {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/self/net/netstat")).stream().filter(line -> line.startsWith("IpExt:")).toList();
            if (lines.size() == 2) {
                int column = List.of(lines.getFirst().split(" ", -1)).indexOf("InOctets");
                return column < 0 ? 0 : Double.parseDouble(lines.getLast().split(" ", -1)[column + behind]);
            }
        } catch (IOException e) {
            return 0; // not a Linux: nothing to tell
        }
        return 0;
    }

    private static double kibibytes(String field) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith(field)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * (double) KIBI;
                }
            }
        } catch (IOException e) {
            return 0; // not a Linux: nothing to tell
        }
        return 0;
    }
}
