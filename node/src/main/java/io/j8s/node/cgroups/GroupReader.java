package io.j8s.node.cgroups;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the figures of control groups from the kernel, versions 1 and 2. Any thread.
public final class GroupReader {
    private static final long NANOS_A_TICK = 10_000_000;
    private static final long NO_LIMIT = 1L << 60;
    private final Path mounts;
    private final boolean unified;

    public GroupReader() {
        this(Path.of("/sys/fs/cgroup"));
    }

    /// @param mounts where control groups are mounted
    GroupReader(Path mounts) {
        this.mounts = mounts;
        this.unified = Files.exists(mounts.resolve("cgroup.controllers"));
    }

    /// @param group such as `/kubepods/besteffort/podUID`; null is answered when there is none
    public @Nullable GroupFigures read(String group) {
        String relative = group.startsWith("/") ? group.substring(1) : group;
        return !Files.isDirectory(mounts.resolve(unified ? "" : "memory").resolve(relative)) ? null : unified ? second(mounts.resolve(relative)) : first(relative);
    }

    private GroupFigures first(String group) {
        Path cpu = mounts.resolve("cpu").resolve(group);
        Path account = mounts.resolve("cpuacct").resolve(group);
        Path memory = mounts.resolve("memory").resolve(group);
        Map<String, Long> times = pairs(account.resolve("cpuacct.stat"));
        Map<String, Long> quota = pairs(cpu.resolve("cpu.stat"));
        Map<String, Long> memories = pairs(memory.resolve("memory.stat"));
        long used = number(memory.resolve("memory.usage_in_bytes"));
        long limit = number(memory.resolve("memory.limit_in_bytes"));
        Map<String, Long> bytes = transfers(mounts.resolve("blkio").resolve(group).resolve("blkio.throttle.io_service_bytes_recursive"));
        Map<String, Long> counts = transfers(mounts.resolve("blkio").resolve(group).resolve("blkio.throttle.io_serviced_recursive"));
        return new GroupFigures(number(account.resolve("cpuacct.usage")), of(times, "user") * NANOS_A_TICK, of(times, "system") * NANOS_A_TICK,
                of(quota, "nr_periods"), of(quota, "nr_throttled"), of(quota, "throttled_time"),
                used, Math.max(0, used - of(memories, "total_inactive_file")), of(memories, "total_rss"), of(memories, "total_cache"), of(memories, "total_swap"),
                of(memories, "total_mapped_file"), number(memory.resolve("memory.failcnt")), of(pairs(memory.resolve("memory.oom_control")), "oom_kill"), limit >= NO_LIMIT ? 0 : limit,
                number(mounts.resolve("pids").resolve(group).resolve("pids.current")), number(cpu.resolve("cpu.shares")), Math.max(0, number(cpu.resolve("cpu.cfs_quota_us"))),
                number(cpu.resolve("cpu.cfs_period_us")), of(bytes, "Read"), of(bytes, "Write"), of(counts, "Read"), of(counts, "Write"));
    }

    private static GroupFigures second(Path group) {
        Map<String, Long> cpu = pairs(group.resolve("cpu.stat"));
        Map<String, Long> memories = pairs(group.resolve("memory.stat"));
        Map<String, Long> events = pairs(group.resolve("memory.events"));
        long used = number(group.resolve("memory.current"));
        String[] most = (lines(group.resolve("cpu.max")).stream().findFirst().orElse("max 100000") + " 0").split(" ");
        long weight = number(group.resolve("cpu.weight"));
        Map<String, Long> transfers = new HashMap<>();
        for (String line : lines(group.resolve("io.stat"))) {
            for (String word : line.split(" ")) {
                int equals = word.indexOf('=');
                if (equals > 0) {
                    transfers.merge(word.substring(0, equals), parsed(word.substring(equals + 1)), Long::sum);
                }
            }
        }
        return new GroupFigures(of(cpu, "usage_usec") * 1000, of(cpu, "user_usec") * 1000, of(cpu, "system_usec") * 1000, of(cpu, "nr_periods"), of(cpu, "nr_throttled"),
                of(cpu, "throttled_usec") * 1000, used, Math.max(0, used - of(memories, "inactive_file")), of(memories, "anon"), of(memories, "file"),
                number(group.resolve("memory.swap.current")), of(memories, "file_mapped"), of(events, "max"), of(events, "oom_kill"), number(group.resolve("memory.max")),
                number(group.resolve("pids.current")), weight == 0 ? 0 : 2 + (weight - 1) * 262142 / 9999, parsed(most[0]), parsed(most[1]),
                of(transfers, "rbytes"), of(transfers, "wbytes"), of(transfers, "rios"), of(transfers, "wios"));
    }

    private static long of(Map<String, Long> figures, String name) {
        return figures.getOrDefault(name, 0L);
    }

    /// Lines of a name and a number.
    private static Map<String, Long> pairs(Path file) {
        Map<String, Long> pairs = new HashMap<>();
        for (String line : lines(file)) {
            int space = line.lastIndexOf(' ');
            if (space > 0) {
                pairs.put(line.substring(0, space), parsed(line.substring(space + 1)));
            }
        }
        return pairs;
    }

    /// Lines of a device, `Read` or `Write`, and a number; summed over all devices.
    private static Map<String, Long> transfers(Path file) {
        Map<String, Long> sums = new HashMap<>();
        for (String line : lines(file)) {
            String[] words = line.split(" ");
            if (words.length == 3) {
                sums.merge(words[1], parsed(words[2]), Long::sum);
            }
        }
        return sums;
    }

    private static long number(Path file) {
        return lines(file).stream().findFirst().map(GroupReader::parsed).orElse(0L);
    }

    private static long parsed(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            return 0; // such as "max"
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of(); // this host does not have it, or the group is gone
        }
    }
}
