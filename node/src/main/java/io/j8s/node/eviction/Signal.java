package io.j8s.node.eviction;

import java.util.Arrays;
import java.util.stream.Collectors;

/// What is watched (Kubernetes documentation, "Node-pressure Eviction").
public enum Signal {
    MEMORY_AVAILABLE("memory.available", "MemoryPressure", "memory"),
    ALLOCATABLE_MEMORY_AVAILABLE("allocatableMemory.available", "MemoryPressure", "memory"),
    NODEFS_AVAILABLE("nodefs.available", "DiskPressure", "ephemeral-storage"),
    NODEFS_INODES_FREE("nodefs.inodesFree", "DiskPressure", "inodes"),
    IMAGEFS_AVAILABLE("imagefs.available", "DiskPressure", "ephemeral-storage"),
    IMAGEFS_INODES_FREE("imagefs.inodesFree", "DiskPressure", "inodes"),
    CONTAINERFS_AVAILABLE("containerfs.available", "DiskPressure", "ephemeral-storage"),
    CONTAINERFS_INODES_FREE("containerfs.inodesFree", "DiskPressure", "inodes"),
    PID_AVAILABLE("pid.available", "PIDPressure", "pids");

    private final String text;
    private final String condition;
    private final String resource;

    Signal(String text, String condition, String resource) {
        this.text = text;
        this.condition = condition;
        this.resource = resource;
    }

    public static Signal of(String text) {
        return Arrays.stream(values()).filter(s -> s.text.equals(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unsupported eviction signal " + text + "; there are "
                        + Arrays.stream(values()).map(s -> s.text).collect(Collectors.joining(", "))));
    }

    public String text() {
        return text;
    }

    /// The node's condition that it leads to.
    String condition() {
        return condition;
    }

    /// The resource that is short, as in messages.
    String resource() {
        return resource;
    }

    boolean memory() {
        return resource.equals("memory");
    }
}
