package io.j8s.node.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the whole host uses, from /proc.
///
/// @param cpuNanos since the host started, over all processors
/// @param bootSeconds since 1970
/// @param processes and threads that there are
/// @param mostProcesses that there can be
record HostUsage(long cpuNanos, long memoryUsedBytes, long memoryAvailableBytes, long memoryTotalBytes, long bootSeconds, long processes, long mostProcesses) {
    private static final long NANOS_A_TICK = 10_000_000;
    private static final int IDLE = 4;
    private static final int WAITING = 5;
    private static final int GUEST = 9;

    static HostUsage read() throws IOException {
        long cpu = 0;
        long boot = 0;
        for (String line : Files.readAllLines(Path.of("/proc/stat"))) {
            String[] words = line.split("\\s+");
            switch (words[0]) {
                case "cpu" -> {
                    for (int i = 1; i < Math.min(words.length, GUEST); i++) {
                        cpu += i == IDLE || i == WAITING ? 0 : Long.parseLong(words[i]) * NANOS_A_TICK;
                    }
                }
                case "btime" -> boot = Long.parseLong(words[1]);
                default -> {
                    // interrupts and the like
                }
            }
        }
        long total = 0;
        long available = 0;
        for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
            if (line.startsWith("MemTotal:")) {
                total = kibibytes(line);
            } else if (line.startsWith("MemAvailable:")) {
                available = kibibytes(line);
            }
        }
        String[] load = Files.readString(Path.of("/proc/loadavg")).split("[ /]");
        return new HostUsage(cpu, total - available, available, total, boot, Long.parseLong(load[4]), Long.parseLong(Files.readString(Path.of("/proc/sys/kernel/pid_max")).strip()));
    }

    private static long kibibytes(String line) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
}
