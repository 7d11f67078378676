package io.j8s.node.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both versions from files as the kernel writes them (Documentation/admin-guide/cgroup-v1 and cgroup-v2): a host has but one.
class GroupReaderTest {
    @Test
    void version_2_is_read(@TempDir Path mounts) throws IOException {
        write(mounts, "cgroup.controllers", "cpu io memory pids\n");
        write(mounts, "pods/a/cpu.stat", "usage_usec 5000000\nuser_usec 3000000\nsystem_usec 2000000\nnr_periods 10\nnr_throttled 4\nthrottled_usec 700\n");
        write(mounts, "pods/a/cpu.max", "50000 100000\n");
        write(mounts, "pods/a/cpu.weight", "4\n");
        write(mounts, "pods/a/memory.current", "1000000\n");
        write(mounts, "pods/a/memory.stat", "anon 600000\nfile 400000\nfile_mapped 1000\ninactive_file 300000\n");
        write(mounts, "pods/a/memory.max", "max\n");
        write(mounts, "pods/a/memory.events", "low 0\nhigh 0\nmax 7\noom 1\noom_kill 1\n");
        write(mounts, "pods/a/pids.current", "12\n");
        write(mounts, "pods/a/io.stat", "8:0 rbytes=100 wbytes=200 rios=1 wios=2 dbytes=0 dios=0\n8:16 rbytes=1 wbytes=2 rios=3 wios=4\n");
        GroupFigures read = new GroupReader(mounts).read("/pods/a");
        assertThat(read).isEqualTo(new GroupFigures(5_000_000_000L, 3_000_000_000L, 2_000_000_000L, 10, 4, 700_000, 1_000_000, 700_000, 600_000, 400_000, 0, 1000, 7, 1, 0, 12,
                2 + 3 * 262142 / 9999, 50_000, 100_000, 101, 202, 4, 6));
        assertThat(new GroupReader(mounts).read("/pods/none")).isNull();
    }

    @Test
    void version_1_is_read(@TempDir Path mounts) throws IOException {
        write(mounts, "cpuacct/pods/a/cpuacct.usage", "5000000000\n");
        write(mounts, "cpuacct/pods/a/cpuacct.stat", "user 300\nsystem 200\n");
        write(mounts, "cpu/pods/a/cpu.stat", "nr_periods 10\nnr_throttled 4\nthrottled_time 700000\n");
        write(mounts, "cpu/pods/a/cpu.shares", "102\n");
        write(mounts, "cpu/pods/a/cpu.cfs_quota_us", "-1\n");
        write(mounts, "cpu/pods/a/cpu.cfs_period_us", "100000\n");
        write(mounts, "memory/pods/a/memory.usage_in_bytes", "1000000\n");
        write(mounts, "memory/pods/a/memory.limit_in_bytes", "9223372036854771712\n");
        write(mounts, "memory/pods/a/memory.failcnt", "7\n");
        write(mounts, "memory/pods/a/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n");
        write(mounts, "memory/pods/a/memory.stat", "cache 1\ntotal_cache 400000\ntotal_rss 600000\ntotal_mapped_file 1000\ntotal_inactive_file 300000\n");
        write(mounts, "pids/pods/a/pids.current", "12\n");
        write(mounts, "blkio/pods/a/blkio.throttle.io_service_bytes_recursive", "8:0 Read 100\n8:0 Write 200\n8:0 Total 300\nTotal 300\n");
        GroupFigures read = new GroupReader(mounts).read("pods/a");
        assertThat(read).isEqualTo(new GroupFigures(5_000_000_000L, 3_000_000_000L, 2_000_000_000L, 10, 4, 700_000, 1_000_000, 700_000, 600_000, 400_000, 0, 1000, 7, 1, 0, 12,
                102, 0, 100_000, 100, 200, 0, 0));
    }

    private static void write(Path mounts, String file, String text) throws IOException {
        Path path = mounts.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
