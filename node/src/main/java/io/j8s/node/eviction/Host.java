package io.j8s.node.eviction;

import io.j8s.node.host.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How much the host has of what can run short, read from /proc and its file systems.
public final class Host {
    private final Path nodeStorage;
    private final Path imageStorage;

    /// @param nodeStorage a directory on the file system that pods write to
    /// @param imageStorage a directory on the file system that images are on
    public Host(Path nodeStorage, Path imageStorage) {
        this.nodeStorage = nodeStorage;
        this.imageStorage = imageStorage;
    }

    Map<Signal, Observation> observe() throws IOException {
        Map<Signal, Observation> observations = new EnumMap<>(Signal.class);
        List<String> memory = Files.readAllLines(Path.of("/proc/meminfo"));
        observations.put(Signal.MEMORY_AVAILABLE, new Observation(kibibytes(memory, "MemAvailable:"), kibibytes(memory, "MemTotal:")));
        storage(observations, nodeStorage, Signal.NODEFS_AVAILABLE, Signal.NODEFS_INODES_FREE);
        storage(observations, imageStorage, Signal.IMAGEFS_AVAILABLE, Signal.IMAGEFS_INODES_FREE);
        storage(observations, imageStorage, Signal.CONTAINERFS_AVAILABLE, Signal.CONTAINERFS_INODES_FREE);
        String[] load = Files.readString(Path.of("/proc/loadavg")).split("[ /]");
        long most = Math.min(number("/proc/sys/kernel/pid_max"), number("/proc/sys/kernel/threads-max"));
        observations.put(Signal.PID_AVAILABLE, new Observation(most - Long.parseLong(load[4]), most));
        return observations;
    }

    private static void storage(Map<Signal, Observation> observations, Path path, Signal bytes, Signal files) throws IOException {
        Linux.Space space = Linux.space(path);
        observations.put(bytes, new Observation(space.availableBytes(), space.bytes()));
        if (space.files() > 0) { // some file systems have no number of files
            observations.put(files, new Observation(space.freeFiles(), space.files()));
        }
    }

    private static long number(String file) throws IOException {
        return Long.parseLong(Files.readString(Path.of(file)).strip());
    }

    private static long kibibytes(List<String> lines, String name) throws IOException {
        return lines.stream().filter(line -> line.startsWith(name)).findFirst().map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .orElseThrow(() -> new IOException("/proc/meminfo has no " + name));
    }
}
