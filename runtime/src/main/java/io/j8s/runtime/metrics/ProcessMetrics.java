package io.j8s.runtime.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// What every component tells of the process that it runs in, under the names that dashboards know.
public final class ProcessMetrics {
    private static final double MILLIS = 1e3;
    private static final long KIBI = 1024;

    private ProcessMetrics() {}

    public static void register(MetricRegistry registry) {
        ProcessHandle self = ProcessHandle.current();
        registry.counterFrom("process_cpu_seconds_total", "User and system time of the process in seconds.")
                .of(() -> self.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / MILLIS);
        registry.gauge("process_resident_memory_bytes", "Resident memory of the process in bytes.").of(ProcessMetrics::residentBytes);
        registry.gauge("process_start_time_seconds", "When the process started, in seconds since the epoch.")
                .set(self.info().startInstant().orElse(Instant.EPOCH).toEpochMilli() / MILLIS);
        // Panels of common dashboards read this name; here it counts the process's platform threads.
        registry.gauge("go_goroutines", "Number of threads (the name is what dashboards expect).").of(Thread::activeCount);
    }

    private static double residentBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * (double) KIBI;
                }
            }
        } catch (IOException e) {
            return 0; // not a Linux: nothing to tell
        }
        return 0;
    }
}
