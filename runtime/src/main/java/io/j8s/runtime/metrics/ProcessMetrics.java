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
import java.util.stream.Stream;

/// What every component tells of the process that it runs in, under the names that dashboards know.
public final class ProcessMetrics {
    private static final double MILLIS = 1e3;
    private static final long KIBI = 1024;

    private ProcessMetrics() {}

    /// Of the names that begin with `go_` those are there that say the same of this virtual machine: threads, heap and its collection.
    public static void register(MetricRegistry registry) {
        ProcessHandle self = ProcessHandle.current();
        registry.counterFrom("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.")
                .of(() -> self.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / MILLIS);
        registry.gauge("process_resident_memory_bytes", "Resident memory size in bytes.").of(() -> kibibytes("VmRSS:"));
        registry.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.").of(() -> kibibytes("VmSize:"));
        registry.gauge("process_open_fds", "Number of open file descriptors.").of(ProcessMetrics::openFiles);
        registry.gauge("process_max_fds", "Maximum number of open file descriptors.").of(ProcessMetrics::mostFiles);
        registry.gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds.")
                .set(self.info().startInstant().orElse(Instant.EPOCH).toEpochMilli() / MILLIS);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        registry.gauge("go_goroutines", "Number of platform threads (the name is what dashboards expect).").of(threads::getThreadCount);
        registry.gauge("go_threads", "Number of platform threads.").of(threads::getThreadCount);
        registry.gauge("go_info", "Information about the environment: the Java virtual machine.", "version").set(1, "java" + Runtime.version());
        memory(registry);
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

    private static double mostFiles() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
                if (line.startsWith("Max open files")) {
                    String[] columns = line.split("\\s+", -1);
                    return columns[3].equals("unlimited") ? Double.POSITIVE_INFINITY : Long.parseLong(columns[3]);
                }
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
